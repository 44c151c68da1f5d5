import { expect, it } from 'vitest';

import { stepsOf } from './steps';

const none = { partner: null, confirmed: false, project: null, task: null, paired: false, run: false };

it('leads from one step to the next', () => {
  const next = (done: Partial<Parameters<typeof stepsOf>[0]>) =>
    stepsOf({ ...none, ...done }).find(({ state }) => state === 'next');
  expect(next({})).toMatchObject({ name: 'partner', to: '/partners' });
  expect(next({ partner: 'p' })).toMatchObject({ name: 'confirm', to: '/partners/p' });
  expect(next({ partner: 'p', confirmed: true })).toMatchObject({ name: 'project' });
  const task = { partner: 'p', confirmed: true, project: 'q', task: 't' };
  expect(next(task)).toMatchObject({ name: 'pair', to: '/tasks/t' });
  expect(next({ ...task, paired: true, run: true })).toBeUndefined();
});

it('asks again for what was undone', () => {
  // The partner is gone, its project is still there.
  const states = stepsOf({ ...none, project: 'q' }).map(({ state }) => state);
  expect(states).toEqual(['next', 'later', 'done', 'later', 'later', 'later']);
});
