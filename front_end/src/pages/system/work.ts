import type { Schema } from '../../api/client';

type Reconciler = Schema<'Reconciler'>;

/** How a part of the background work is doing. */
export type WorkState = 'good' | 'failing' | 'stuck' | 'starting';

// A pass waits for partners that do not answer; with many runs there it takes minutes.
const STUCK_AFTER_MS = 600_000;

/** Judges a part of the background work by what was told of it at a moment. */
export function workState({ last_pass, last_error }: Reconciler, asked: number): WorkState {
  if (!last_pass) return 'starting';
  if (asked - Date.parse(last_pass) > STUCK_AFTER_MS) return 'stuck';
  return last_error ? 'failing' : 'good';
}
