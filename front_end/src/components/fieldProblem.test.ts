import { beforeAll, describe, expect, it } from 'vitest';

import { ApiError } from '../api/error';
import { startI18n } from '../i18n';
import { besides, fieldProblem } from './fieldProblem';

const invalid = new ApiError({
  code: 'invalid_input',
  status: 400,
  detail: 'name: is empty',
  errors: [{ pointer: '/name', code: 'required', detail: 'is empty' }],
});
const taken = new ApiError({ code: 'name_taken', status: 409, detail: 'Choose another one.' });

beforeAll(() => startI18n('zh'));

describe('fieldProblem', () => {
  it('finds what is wrong with a field', () => {
    expect(fieldProblem(invalid, '/name').help).toBe('必填');
    expect(fieldProblem(taken, '/name').help).toBe('名称已被使用。请换一个名称。');
    expect(fieldProblem(invalid, '/token')).toEqual({});
    expect(fieldProblem(null, '/name')).toEqual({});
  });

  it('leaves for elsewhere what no field shows', () => {
    expect(besides(invalid, ['/name'])).toBeNull();
    expect(besides(taken, ['/name'])).toBeNull();
    expect(besides(invalid, ['/token'])).toBe(invalid);
    expect(besides(taken, ['/token'])).toBe(taken);
    expect(besides(null, [])).toBeNull();
  });
});
