import type { Schema } from '../api/client';
import { problemLine } from './problemText';

/** Why the server would refuse what somebody wants to do; none when it would not. */
export type Blocker = Schema<'Blocker'> | null | undefined;

/** Whether somebody could do it now, be it not this person: it is worth showing. */
export function isPossible(blocker: Blocker): boolean {
  return !blocker || isForbidden(blocker);
}

/** Whether only a right is missing. */
export function isForbidden(blocker: Blocker): boolean {
  return blocker?.code === 'forbidden';
}

/** In words, `forbidden` in those that say which right it takes; undefined for what can be done. */
export function blockerText(blocker: Blocker, forbidden: string): string | undefined {
  if (!blocker) return undefined;
  return isForbidden(blocker) ? forbidden : problemLine(blocker);
}
