import { expect, it } from 'vitest';

import { toQuery } from './useRunFilter';

it('covers whole days of the operator, the last one included', () => {
  const { created_after, created_before } = toQuery({ states: [], from: '2026-02-27', to: '2026-02-28' });
  expect(new Date(created_after ?? '')).toEqual(new Date(2026, 1, 27));
  expect(new Date(created_before ?? '')).toEqual(new Date(2026, 2, 1));
});

it('leaves out what is not asked for', () => {
  expect(toQuery({ states: [] })).toEqual({});
  expect(toQuery({ states: ['failed', 'lost'], project: 'p', task: 'r' })).toEqual({
    status: 'failed,lost',
    project: 'p',
    task_root: 'r',
  });
});
