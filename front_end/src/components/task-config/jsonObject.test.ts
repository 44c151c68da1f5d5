import { expect, it } from 'vitest';

import { asObject, parseObject, textOf } from './jsonObject';

it('reads objects, and nothing else', () => {
  expect(parseObject('{"a": 1}')).toEqual({ a: 1 });
  expect(parseObject('  ')).toEqual({});
  for (const text of ['[1]', '1', 'null', '{"a": ', '"text"']) expect(parseObject(text)).toBeUndefined();
});

it('writes what it reads', () => {
  const value = { a: { b: [1, null] } };
  expect(parseObject(textOf(value))).toEqual(value);
  expect(textOf({})).toBe('');
  expect(parseObject(textOf({}))).toEqual({});
});

it('takes nothing stored as empty', () => {
  expect(asObject(null)).toEqual({});
  expect(asObject('text of an adopted row')).toEqual({});
});
