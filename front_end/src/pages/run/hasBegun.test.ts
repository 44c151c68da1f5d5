import { expect, it } from 'vitest';

import type { Instance } from '../../api/instances';
import { hasBegun } from './hasBegun';

it.each([
  [{ status: 'awaiting_consent', attempt: 1 }, false],
  [{ status: 'ready', attempt: 1 }, false],
  [{ status: 'draft', attempt: 1 }, false],
  [{ status: 'awaiting_consent', attempt: 2 }, true],
  [{ status: 'starting', attempt: 1 }, true],
  [{ status: 'failed', attempt: 1 }, true],
] as const)('of %o', (run, begun) => {
  expect(hasBegun(run as unknown as Instance)).toBe(begun);
});
