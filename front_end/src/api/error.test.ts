import { describe, expect, it } from 'vitest';

import { answer } from './client';
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
      errors: [{ pointer: '/name', code: 'required', detail: 'is empty' }],
    };
    const error = await ApiError.of(new Response(JSON.stringify(problem), { status: 400 }));
    expect(error).toMatchObject({ code: 'invalid_input', status: 400, requestId: 'r-1', isTransient: false });
    expect(error.part('/name')?.code).toBe('required');
    expect(error.part('/password')).toBeUndefined();
  });

  it.each([
    ['7', 7],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [undefined, undefined],
  ])('tells when to try again: %s', async (header, seconds) => {
    const problem = JSON.stringify({ status: 429, code: 'locked_out', detail: 'Wait.' });
    const headers = header === undefined ? {} : { 'Retry-After': header };
    const error = await ApiError.of(new Response(problem, { status: 429, headers }));
    expect(error.retryAfterSeconds).toBe(seconds);
  });

  it('survives an answer that is no problem document', async () => {
    const error = await ApiError.of(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    expect(error).toMatchObject({ code: 'network', status: 502, isTransient: true });
  });

  it.each([
    new TypeError('Failed to fetch'),
    new DOMException('signal timed out', 'TimeoutError'),
    new SyntaxError('Unexpected end of JSON input'),
  ])('says that no answer came: %s', (thrown) => {
    expect(ApiError.from(thrown)).toMatchObject({ code: 'network', status: 0, isTransient: true });
  });

  it('is what a call rejects with when its answer breaks off', async () => {
    const call = Promise.reject(new DOMException('signal timed out', 'TimeoutError'));
    await expect(answer(call)).rejects.toBeInstanceOf(ApiError);
  });
});
