import { expect, it } from 'vitest';

import { columnsOf } from './csv';

it.each([
  ['id,age,"a, ""b"""\n1,2,3', ['id', 'age', 'a, "b"']],
  ['\uFEFFid;age\r\n1;2\r\n', ['id', 'age']],
  ['id\tage\n', ['id', 'age']],
  ['one\n1\n', ['one']],
  ['"two\nlines",b\n', ['two\nlines', 'b']],
  ['cut off before the line ended', []],
  ['', []],
])('%j has the columns %j', (text, columns) => {
  expect(columnsOf(text)).toEqual(columns);
});
