import { expect, it } from 'vitest';

import type { Me } from '../api/session';
import { mayChangeTask, mayDeleteObject, mayManageUser, rightsOf } from './rights';

const me = (...rights: Me['rights']): Me => ({
  id: 'me',
  name: 'me',
  role: 'default',
  add_task: false,
  run: false,
  rights,
});

it('a person may do what the server says', () => {
  const rights = rightsOf(me('create_tasks', 'run'));
  expect(rights).toMatchObject({ createTasks: true, run: true, managePartners: false, system: false });
  expect(Object.values(rightsOf(me())).some(Boolean)).toBe(false);
});

it('a task belongs to its owner and to the owner of its project', () => {
  const [mine, foreign] = [{ owner_id: 'me' }, { owner_id: 'you' }];
  expect(mayChangeTask(me('create_tasks'), mine, foreign)).toBe(true);
  expect(mayChangeTask(me('create_tasks'), foreign, mine)).toBe(true);
  expect(mayChangeTask(me('create_tasks'), foreign, undefined)).toBe(false);
  expect(mayChangeTask(me('run'), mine, mine)).toBe(false);
  expect(mayChangeTask(me('change_all_tasks'), foreign, undefined)).toBe(true);
});

it('a file belongs to its owner', () => {
  expect(mayDeleteObject(me('write_objects'), { owner_id: 'me' })).toBe(true);
  expect(mayDeleteObject(me('write_objects'), { owner_id: null })).toBe(false);
  expect(mayDeleteObject(me('delete_all_objects'), { owner_id: null })).toBe(true);
});

it('administrators are managed by who may do so', () => {
  expect(mayManageUser(me('manage_users'), 'default')).toBe(true);
  expect(mayManageUser(me('manage_users'), 'admin')).toBe(false);
  expect(mayManageUser(me('manage_users', 'manage_admins'), 'admin')).toBe(true);
});
