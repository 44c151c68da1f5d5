import { expect, it } from 'vitest';

import { failureOf } from './failure';

const failure = { message: 'no column "id"', message_zh: '没有列 "id"', params: {}, retryable: false };

it('is told in the language of the screen', () => {
  expect(failureOf({ failure }, 'zh')).toMatchObject({ message: '没有列 "id"', retryable: false });
  expect(failureOf({ failure }, 'en')).toMatchObject({ message: 'no column "id"' });
  expect(failureOf({ failure: { ...failure, message_zh: null } }, 'zh')).toMatchObject({
    message: 'no column "id"',
  });
});

it('has the facts beside the message', () => {
  const run = { failure: { ...failure, retryable: true }, error: { ...failure, detail: { free: 0 } } };
  expect(failureOf(run)).toEqual({ message: 'no column "id"', retryable: true, detail: { free: 0 } });
  expect(failureOf({ ...run, error: { ...failure, detail: null } }).detail).toBeUndefined();
});

it.each([
  // What the call-back of an engine for the original console merged: any keys.
  [{ code: 137 }, { message: undefined, detail: { code: 137 } }],
  [{ message: 'ended here' }, { message: 'ended here', detail: undefined }],
  ['killed', { message: undefined, detail: 'killed' }],
  [null, { message: undefined, detail: undefined }],
])('in a form of its own: %j', (error, told) => {
  expect(failureOf({ error })).toEqual({ ...told, retryable: false });
});
