import { beforeAll, describe, expect, it } from 'vitest';

import type { Code } from '../api/error';
import { startI18n } from '../i18n';
import { fieldText, problemText } from './problemText';

beforeAll(() => startI18n('zh'));

describe('an error in words', () => {
  it('has our words where the code says it all', () => {
    const text = problemText({ code: 'stale', detail: 'Somebody changed it meanwhile.' });
    expect(text).toEqual({ title: '内容已被他人修改', detail: '请重新加载后再修改。', advice: undefined });
  });

  it("has the server's where names or numbers matter", () => {
    const text = problemText({ code: 'forbidden', detail: 'This needs root.' });
    expect(text).toEqual({
      title: '您无权执行此操作',
      detail: 'This needs root.',
      advice: '请向管理员申请权限。',
    });
  });

  it('survives a code of a newer server', () => {
    const text = problemText({ code: 'of_tomorrow' as Code, detail: 'Wait for the moon.' });
    expect(text).toEqual({ title: '操作未成功', detail: 'Wait for the moon.', advice: undefined });
  });
});

it('a field is told its limits', () => {
  const long = { pointer: '/name', code: 'too_long', detail: 'must have at most 256', most: 256 } as const;
  expect(fieldText(long)).toBe('最多 256 个字符');
  expect(fieldText({ detail: 'of an engine', code: 'said' })).toBe('of an engine');
  expect(fieldText({ detail: 'of old' })).toBe('of old');
});
