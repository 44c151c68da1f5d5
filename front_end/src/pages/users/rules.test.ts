import { expect, it } from 'vitest';

import type { Me } from '../../api/session';
import type { User } from '../../api/users';
import { obstaclesOf } from './rules';

const RIGHTS: Readonly<Record<string, Me['rights']>> = {
  root: ['manage_users', 'manage_admins'],
  admin: ['manage_users'],
};
const me = (role: Me['role']): Me => ({
  id: 'me',
  name: 'me',
  role,
  add_task: false,
  run: false,
  rights: RIGHTS[role] ?? [],
});
const user = (id: string, role: User['role'], disabled_at: string | null = null): User => ({
  id,
  name: id,
  role,
  disabled_at,
  permissions: { add_task: false, run: false },
  created_at: '2026-01-01T00:00:00Z',
  generation: 1,
});

it('an administrator changes users, and no administrators', () => {
  const all = [user('me', 'admin'), user('other', 'admin'), user('carol', 'default'), user('r', 'root')];
  const free = { change: undefined, access: undefined, password: undefined };
  expect(obstaclesOf(me('admin'), user('carol', 'default'), all)).toEqual(free);
  expect(obstaclesOf(me('admin'), user('other', 'admin'), all).change).toBe('onlyRoot');
  expect(obstaclesOf(me('root'), user('other', 'admin'), all)).toEqual(free);
});

it('the last root stays, and a disabled one does not count', () => {
  const [ours, other] = [user('me', 'root'), user('other', 'root')];
  expect(obstaclesOf(me('root'), ours, [ours, user('gone', 'root', '2026-01-01T00:00:00Z')]).access).toBe(
    'lastRoot',
  );
  expect(obstaclesOf(me('root'), other, [ours, other]).access).toBeUndefined();
});

it('nobody takes his own access away, and one changes ones own password by the old one', () => {
  const all = [user('me', 'root'), user('other', 'root')];
  expect(obstaclesOf(me('root'), user('me', 'root'), all)).toEqual({
    change: undefined,
    access: 'self',
    password: 'self',
  });
});
