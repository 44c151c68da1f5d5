import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';

import { startI18n } from '.';

beforeAll(() => startI18n('en'));

it('a key that does not exist is refused by the type check', () => {
  expect(i18next.t('common:signOut')).toBe('Sign out');
  // @ts-expect-error -- if this line compiled, missing keys would no longer fail the build
  expect(i18next.t('common:thereIsNoSuchKey')).toBe('thereIsNoSuchKey');
});
