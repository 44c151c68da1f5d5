import { expect, it } from 'vitest';

import type { Me } from '../api/session';
import { mayChangeTask, mayManageUser, rightsOf } from './rights';

const me = (role: Me['role'], add_task = false, run = false): Me => ({
  id: 'me',
  name: 'me',
  role,
  add_task,
  run,
});

it('administrators manage, users do what they were permitted, and an unknown role nothing', () => {
  expect(Object.values(rightsOf(me('root'))).every(Boolean)).toBe(true);
  expect(rightsOf(me('default', true, false))).toMatchObject({
    createTasks: true,
    run: false,
    managePartners: false,
  });
  expect(rightsOf(me('default', false, true))).toMatchObject({ createTasks: false, run: true });
  expect(Object.values(rightsOf(me('unknown'))).some(Boolean)).toBe(false);
});

it('a task belongs to its owner and to the owner of its project', () => {
  const [mine, foreign] = [{ owner_id: 'me' }, { owner_id: 'you' }];
  expect(mayChangeTask(me('default', true), mine, foreign)).toBe(true);
  expect(mayChangeTask(me('default', true), foreign, mine)).toBe(true);
  expect(mayChangeTask(me('default', true), foreign, undefined)).toBe(false);
  expect(mayChangeTask(me('default', false), mine, mine)).toBe(false);
});

it('only root manages administrators', () => {
  expect(mayManageUser(me('admin'), 'default')).toBe(true);
  expect(mayManageUser(me('admin'), 'admin')).toBe(false);
  expect(mayManageUser(me('root'), 'admin')).toBe(true);
});
