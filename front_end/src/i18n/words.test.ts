// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { texts as en } from './en';
import { texts as zh } from './zh';

/** All texts with their keys. */
function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    flat(inner, path ? `${path}.${key}` : key),
  );
}

const chinese = flat(zh);
const WRITTEN = /[\u4e00-\u9fff]/;
describe('Chinese', () => {
  it('is written in Chinese, abbreviations and what is filled in excepted', () => {
    const words = (text: string) => text.replace(/\{\{.*?\}\}/g, '');
    expect(chinese.filter(([, text]) => !WRITTEN.test(text) && /[a-z]{2}/.test(words(text)))).toEqual([]);
  });

  it.each([
    ['本方', '我方'],
    ['组织', '机构'],
    ['一侧', '一方'],
    ['接收项目', '接受项目'],
  ])('has one word for one thing: not %s but %s', (word) => {
    expect(chinese.filter(([, text]) => text.includes(word))).toEqual([]);
  });

  it('calls the partner 合作方, and 对方 only after it was named', () => {
    const unnamed = chinese.filter(([, text]) => {
      const at = text.indexOf('对方');
      return at >= 0 && !/合作方|\{\{partner\}\}|机构|一方/.test(text.slice(0, at));
    });
    expect(unnamed).toEqual([]);
  });

  it('sets names of partners off from the characters around them', () => {
    const tight = /[\u4e00-\u9fff]\{\{partner\}\}|\{\{partner\}\}[\u4e00-\u9fff]/;
    expect(chinese.filter(([, text]) => tight.test(text))).toEqual([]);
  });
});

describe('English', () => {
  it('calls this side "your side"', () => {
    expect(flat(en).filter(([, text]) => /\bour (side|half)\b/i.test(text))).toEqual([]);
  });
});
