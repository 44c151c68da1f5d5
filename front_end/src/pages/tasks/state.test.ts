import { describe, expect, it } from 'vitest';

import type { Schema } from '../../api/client';
import type { Task } from '../../api/tasks';
import { lockOf, refusalOf, runBlockOf, stageOf } from './state';

const pairings: Task['pairing'][] = [
  null,
  { id: 'x', status: 'draft' },
  { id: 'x', status: 'draft', error: 'The partner refused: task token is not authorized' },
  { id: 'x', status: 'ready' },
];
const blocker = (code: Schema<'ErrorCode'>) => ({ code, detail: 'x' });

describe('a version', () => {
  it('tells how far it is paired', () => {
    expect(pairings.map(stageOf)).toEqual(['none', 'asked', 'refused', 'paired']);
  });

  it('is changed unless the server says why not', () => {
    const lock = (code: Schema<'ErrorCode'>) => lockOf({ cannot_change: blocker(code) });
    expect(lockOf({ cannot_change: null })).toBeUndefined();
    expect(lock('forbidden')).toBe('forbidden');
    expect(lock('task_paired')).toBe('paired');
    expect(lock('pairing_asked')).toBe('asked');
    expect(lock('project_archived')).toBe('archived');
    expect(lock('task_archived')).toBe('putAway');
    expect(lock('stale')).toBe('other');
  });

  it('runs unless the server says why not', () => {
    const block = (code: Schema<'ErrorCode'>) => runBlockOf({ cannot_run: blocker(code) });
    expect(runBlockOf({})).toBeUndefined();
    expect(block('config_refused')).toBe('config');
    expect(block('not_paired')).toBe('notPaired');
    expect(block('partner_not_active')).toBe('partner');
    expect(block('engine_needs_channel')).toBe('other');
    expect(block('forbidden')).toBe('forbidden');
    expect(block('project_archived')).toBe('archived');
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
