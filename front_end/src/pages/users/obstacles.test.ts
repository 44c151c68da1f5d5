import { expect, it } from 'vitest';

import type { Me } from '../../api/session';
import type { User } from '../../api/users';
import { obstaclesOf } from './obstacles';

const me: Me = {
  id: 'me',
  name: 'me',
  role: 'root',
  add_task: false,
  run: false,
  rights: [],
  grantable_roles: [],
};
const user = (id: string, cannot: Pick<User, 'cannot_change' | 'cannot_change_access'> = {}): User => ({
  id,
  name: id,
  role: 'default',
  permissions: { add_task: false, run: false },
  rights: [],
  created_at: '2026-01-01T00:00:00Z',
  generation: 1,
  ...cannot,
});
const forbidden = { code: 'forbidden', detail: 'This needs role root.' } as const;

it('the server says what cannot be changed of an account', () => {
  expect(obstaclesOf(me, user('carol'))).toEqual({
    change: undefined,
    access: undefined,
    password: undefined,
  });
  const above = user('ada', { cannot_change: forbidden, cannot_change_access: forbidden });
  expect(obstaclesOf(me, above)).toEqual({ change: 'onlyRoot', access: 'onlyRoot', password: 'onlyRoot' });
  const last = user('ada', { cannot_change_access: { code: 'last_root', detail: 'x' } });
  expect(obstaclesOf(me, last)).toEqual({ change: undefined, access: 'lastRoot', password: undefined });
});

it('nobody takes their own access away, and one changes ones own password by the old one', () => {
  expect(obstaclesOf(me, user('me'))).toEqual({ change: undefined, access: 'self', password: 'self' });
});
