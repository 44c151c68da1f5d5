import { describe, expect, it } from 'vitest';

import type { Schema } from '../../api/client';
import type { Project } from '../../api/projects';
import type { Me } from '../../api/session';
import type { Task } from '../../api/tasks';
import { lockOf, refusalOf, runBlockOf, stageOf } from './state';

const admin: Me = {
  id: 'a',
  name: 'a',
  role: 'admin',
  add_task: false,
  run: false,
  rights: ['change_all_tasks'],
};
const owner: Me = {
  id: 'o',
  name: 'o',
  role: 'default',
  add_task: true,
  run: true,
  rights: ['create_tasks', 'run'],
};
const reader: Me = { id: 'r', name: 'r', role: 'default', add_task: false, run: false, rights: [] };
const at = '2026-01-01T00:00:00Z';
const row = { created_at: at, modified_at: at, generation: 1 };
const project: Project = { id: 'p', status: 'ready', owner_id: 'a', tasks: 1, ...row };
const task = (pairing: Task['pairing'] = null): Task => ({
  id: 't',
  project_id: 'p',
  name: 'join',
  version: '20260101080000',
  root: true,
  task_type: 'sample',
  owner_id: 'o',
  problems: [],
  pairing,
  ...row,
});
const paired = task({ id: 'x', status: 'ready' });
const asked = task({ id: 'x', status: 'draft' });
const refused = task({
  id: 'x',
  status: 'draft',
  error: 'The partner refused: task token is not authorized',
});

describe('a version', () => {
  it('tells how far it is paired', () => {
    expect([task(), asked, refused, paired].map(({ pairing }) => stageOf(pairing))).toEqual([
      'none',
      'asked',
      'refused',
      'paired',
    ]);
  });

  it('is changed by administrators and its owner, until it is paired', () => {
    expect(lockOf(admin, task(), project)).toBeUndefined();
    expect(lockOf(owner, refused, project)).toBeUndefined();
    expect(lockOf(reader, task(), project)).toBe('forbidden');
    expect(lockOf(admin, paired, project)).toBe('paired');
    expect(lockOf(admin, asked, project)).toBe('asked');
    expect(lockOf(admin, task(), { ...project, status: 'archive' })).toBe('archived');
  });

  it('runs when it is paired, its config is good and the project is open', () => {
    expect(runBlockOf(owner, paired, project, true)).toBeUndefined();
    expect(runBlockOf(owner, paired, project, undefined)).toBeUndefined();
    expect(runBlockOf(owner, paired, project, false)).toBe('config');
    expect(runBlockOf(owner, refused, project, true)).toBe('notPaired');
    const stopped = (code: Schema<'ErrorCode'>) => ({ ...paired, cannot_run: { code, detail: 'x' } });
    expect(runBlockOf(owner, paired, project, true, 'suspended')).toBe('partner');
    expect(runBlockOf(owner, stopped('partner_not_active'), project, true, 'paired')).toBeUndefined();
    expect(runBlockOf(owner, stopped('engine_needs_channel'), project, true)).toBe('other');
    expect(runBlockOf(reader, paired, project, true)).toBe('forbidden');
    expect(runBlockOf(owner, paired, { ...project, status: 'archive' }, true)).toBe('archived');
  });
});

it('tells refusals by their code', () => {
  expect(['token_unknown', 'settings_differ', 'of a newer console', null].map(refusalOf)).toEqual([
    'tokenUnknown',
    'settings',
    'other',
    'other',
  ]);
});
