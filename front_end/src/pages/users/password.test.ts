import { expect, it } from 'vitest';

import { suggestPassword } from './password';

it('suggests passwords that differ and can be read out', () => {
  const some = Array.from({ length: 50 }, suggestPassword);
  for (const password of some) {
    expect(password).toMatch(/^[a-zA-Z2-9]{5}(-[a-zA-Z2-9]{5}){3}$/);
    expect(password).not.toMatch(/[lIoO01]/);
  }
  expect(new Set(some).size).toBe(some.length);
});
