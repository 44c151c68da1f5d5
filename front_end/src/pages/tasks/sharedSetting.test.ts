import { expect, it } from 'vitest';

import { ruleOf, settingTitle, valueText } from './sharedSetting';

const schema = {
  properties: {
    epochs: { title: 'Epochs', 'x-i18n': { zh: { title: '训练轮数' } }, 'x-shared': true },
    label: { 'x-shared': 'one_side' },
    ids: { 'x-shared': 'count' },
    result: { 'x-shared': { mirrored: { only_me: 'only_partner' } } },
  },
};

it('names a setting as the engine does, in the language of the console', () => {
  expect(settingTitle(schema, 'epochs', 'en')).toBe('Epochs');
  expect(settingTitle(schema, 'epochs', 'zh-CN')).toBe('训练轮数');
  expect(settingTitle(schema, 'label', 'zh-CN')).toBe('label');
  expect(settingTitle(undefined, 'new', 'en')).toBe('new');
});

it('knows how the sides agree', () => {
  expect(['epochs', 'label', 'ids', 'result', 'new'].map((key) => ruleOf(schema, key))).toEqual([
    'equal',
    'one_side',
    'count',
    'mirrored',
    'equal',
  ]);
});

it('writes values as one reads them', () => {
  expect([20, 0.5, 'both', ['trim', 'lower_case'], false].map(valueText)).toEqual([
    '20',
    '0.5',
    'both',
    'trim, lower_case',
    'false',
  ]);
  expect([null, '', undefined].map(valueText)).toEqual([undefined, undefined, undefined]);
});
