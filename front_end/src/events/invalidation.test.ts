import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { keys } from '../api/keys';
import { Invalidator, staleKeys } from './invalidation';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a change of a run makes its row and the lists stale, and no other row; a new one also the last runs of projects', () => {
  expect(staleKeys({ kind: 'instance', id: 'a', change: 'updated' })).toEqual([
    keys.instances.lists,
    keys.instances.one('a'),
    keys.overview,
  ]);
  expect(staleKeys({ kind: 'instance', id: 'a', change: 'created' })).toEqual([
    keys.instances.lists,
    keys.projects.lists,
    keys.overview,
  ]);
  expect(staleKeys({ kind: 'task', id: 'a', change: 'updated' })).toContainEqual(keys.pairings.rows);
  expect(staleKeys({ kind: 'of a newer server', id: 'a', change: 'updated' })).toEqual([]);
});

it('many changes become few invalidations, and none is lost', async () => {
  const client = new QueryClient();
  const told = vi.spyOn(client, 'invalidateQueries');
  const invalidator = new Invalidator(client);
  for (let tick = 0; tick < 200; tick += 1) {
    invalidator.add({ kind: 'instance', id: 'a', change: 'updated' });
    await vi.advanceTimersByTimeAsync(10);
  }
  // Three keys for each of five to six flushes in two seconds, not four hundred.
  expect(told.mock.calls.length).toBeLessThanOrEqual(18);
  told.mockClear();
  invalidator.add({ kind: 'partner', id: 'late', change: 'updated' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told.mock.calls.map(([filter]) => filter?.queryKey)).toContainEqual(keys.partners.one('late'));
});
