import { jsonLanguage } from '@codemirror/lang-json';
import { expect, it } from 'vitest';

import { placeOf } from './pointer';

const text = '{ "a": { "b/c": [1, "two", { "d": true }] }, "e": null }';
const tree = jsonLanguage.parser.parse(text);

it.each([
  ['/a/b~1c/1', '"two"'],
  ['/a/b~1c/2/d', 'true'],
  ['/e', 'null'],
  ['/a/b~1c/7', '['],
  ['/a/missing', '{'],
  ['', '{'],
])('%s leads to %s', (pointer, value) => {
  const { from, to } = placeOf(tree, text, pointer);
  expect(text.slice(from, to)).toBe(value);
});
