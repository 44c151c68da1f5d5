import { expect, it } from 'vitest';

import {
  applicable,
  isAdvanced,
  localised,
  orderedKeys,
  titleOf,
  valueText,
  valueTitle,
} from './schemaTexts';

const zh = (title: string, description?: string) => ({
  'x-i18n': { zh: { title, ...(description !== undefined && { description }) } },
});
const schema = {
  $defs: {
    Mode: {
      oneOf: [
        { const: 'both', title: 'Both sides', ...zh('双方') },
        { const: 'only_me', description: 'Us' },
      ],
    },
  },
  required: ['input'],
  properties: {
    result: { $ref: '#/$defs/Mode', title: 'Who learns it', ...zh('结果获知方', '由谁获知'), 'x-order': 20 },
    seed: { 'x-order': 30, 'x-advanced': true },
    input: { 'x-order': 10, title: 'Input table' },
    modes: { items: { $ref: '#/$defs/Mode' } },
  },
};

it('speaks the language of the console, and English where there is no other', () => {
  expect(titleOf(schema, 'result', 'en')).toBe('Who learns it');
  expect(titleOf(schema, 'result', 'zh-CN')).toBe('结果获知方');
  expect(titleOf(schema, 'input', 'zh-CN')).toBe('Input table');
  expect(titleOf(undefined, 'new', 'en')).toBe('new');
  expect(valueTitle(schema, 'result', 'both', 'zh')).toBe('双方');
  expect(valueTitle(schema, 'result', 'only_me', 'zh')).toBe('only_me');
  expect(valueTitle(schema, 'modes', ['both', 'only_me'], 'en')).toBe('Both sides, only_me');
  const properties = localised(schema, 'zh').properties as Record<string, Record<string, unknown>>;
  expect(properties.result).toEqual({
    $ref: '#/$defs/Mode',
    title: '结果获知方',
    description: '由谁获知',
    'x-order': 20,
  });
});

it('orders as the engine says, and by need where it says nothing', () => {
  expect(orderedKeys(schema)).toEqual(['input', 'result', 'seed', 'modes']);
  expect(orderedKeys({ required: ['b'], properties: { a: {}, b: {}, c: {} } })).toEqual(['b', 'a', 'c']);
  expect([isAdvanced(schema, 'seed'), isAdvanced(schema, 'input')]).toEqual([true, false]);
});

it('writes values as one reads them', () => {
  expect([20, 0.5, 'both', ['trim', 'lower_case'], false].map(valueText)).toEqual([
    '20',
    '0.5',
    'both',
    'trim, lower_case',
    'false',
  ]);
  expect([null, '', undefined, []].map(valueText)).toEqual([undefined, undefined, undefined, undefined]);
});

it('has only the settings that mean something in a config', () => {
  const kinds = {
    required: ['image'],
    properties: {
      kind: { default: 'join' },
      image: {},
      name: { 'x-when': { setting: 'kind', is_not: ['any'] }, 'x-needed': true },
      roles: { 'x-when': { setting: 'kind', is: ['any'] }, 'x-needed': true },
    },
  };
  const of = (config: Record<string, unknown>) => {
    const { properties, required } = applicable(kinds, config);
    return [Object.keys(properties as object), required];
  };
  expect(of({})).toEqual([
    ['kind', 'image', 'name'],
    ['image', 'name'],
  ]);
  expect(of({ kind: 'any' })).toEqual([
    ['kind', 'image', 'roles'],
    ['image', 'roles'],
  ]);
});
