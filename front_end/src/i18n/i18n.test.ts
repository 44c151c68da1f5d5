// @vitest-environment node
import { expect, it } from 'vitest';

import { codeProblems, problems } from '../../scripts/i18n.mjs';

it('the languages have the same keys and placeholders, and words for each code of an error', async () => {
  expect(await problems()).toEqual([]);
});

it('a code without a title, and a title without a code, are found', () => {
  const ours = ['network', 'unreadable', 'aborted', 'unexpected', 'other'].map(
    (code) => `problems:title.${code}`,
  );
  const keys = [
    ...ours,
    'problems:title.stale',
    'problems:text.stale',
    'problems:field.required',
    'common:yes',
  ];
  expect(codeProblems(keys, ['stale'], ['required', 'said'])).toEqual([]);
  expect(codeProblems(keys, ['stale', 'internal'], ['required'])).toEqual([
    'problems:title.internal is missing',
  ]);
  expect(codeProblems(keys, ['stale'], ['too_long'])).toEqual([
    'problems:field.too_long is missing',
    'problems:field.required belongs to no code',
  ]);
});
