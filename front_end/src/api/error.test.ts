import { describe, expect, it } from 'vitest';

import { ApiError } from './error';

describe('ApiError', () => {
  it('holds what the problem document says', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'invalid_input',
      detail: 'name: is empty',
      request_id: 'r-1',
      errors: [{ pointer: '/name', detail: 'is empty' }],
    };
    const error = await ApiError.of(new Response(JSON.stringify(problem), { status: 400 }));
    expect(error).toMatchObject({ code: 'invalid_input', status: 400, requestId: 'r-1', isTransient: false });
    expect(error.part('/name')).toBe('is empty');
    expect(error.part('/password')).toBeUndefined();
  });

  it('survives an answer that is no problem document', async () => {
    const error = await ApiError.of(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    expect(error).toMatchObject({ code: 'network', status: 502, isTransient: true });
  });

  it('says that no answer came', () => {
    expect(ApiError.from(new TypeError('Failed to fetch'))).toMatchObject({ code: 'network', status: 0 });
  });
});
