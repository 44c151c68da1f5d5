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
    const refused = { code: 'object_in_use', detail: 'A run of join reads the file.' } as const;
    const text = problemText({ ...refused, detail_zh: 'join 的运行正在读取此文件。' });
    expect(text.detail).toBe('join 的运行正在读取此文件。');
    // A sentence in another language adds nothing to a title that says what is the matter.
    expect(problemText({ code: 'forbidden', detail: 'This needs root.' })).toEqual({
      title: '您无权执行此操作',
      detail: '',
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
  const said = { detail: 'no column is named `x`', detail_zh: '没有名为 `x` 的列', code: 'said' } as const;
  expect(fieldText(said)).toBe('没有名为 `x` 的列');
  const address = { detail: 'this is not an address', code: 'malformed' } as const;
  expect(fieldText(address)).toBe('格式不正确');
  expect(fieldText({ ...address, detail_zh: '请写成 http://主机' })).toBe('格式不正确：请写成 http://主机');
});
