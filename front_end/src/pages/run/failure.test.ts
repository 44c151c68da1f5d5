import { expect, it } from 'vitest';

import { failureOf } from './failure';

it.each([
  [
    { message: 'no column "id"', retryable: false, detail: null },
    { message: 'no column "id"', retryable: false, detail: undefined },
  ],
  [
    { message: 'the disk is full', retryable: true, detail: { free: 0 } },
    { message: 'the disk is full', retryable: true, detail: { free: 0 } },
  ],
  // What the call-back of an engine for the original console merged: any keys.
  [{ code: 137 }, { message: undefined, retryable: false, detail: { code: 137 } }],
  ['killed', { message: undefined, retryable: false, detail: 'killed' }],
  [null, { message: undefined, retryable: false, detail: undefined }],
])('%j', (error, failure) => {
  expect(failureOf(error)).toEqual(failure);
});
