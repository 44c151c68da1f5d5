import { expect, it } from 'vitest';

import type { Me } from '../api/session';
import { rightsOf } from './rights';

const me = (...rights: Me['rights']): Me => ({
  id: 'me',
  name: 'me',
  role: 'default',
  add_task: false,
  run: false,
  rights,
  grantable_roles: [],
});

it('a person may do what the server says', () => {
  const rights = rightsOf(me('create_tasks', 'run'));
  expect(rights).toMatchObject({ createTasks: true, run: true, managePartners: false, system: false });
  expect(Object.values(rightsOf(me())).some(Boolean)).toBe(false);
});
