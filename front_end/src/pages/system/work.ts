import type { Schema } from '../../api/client';

type Reconciler = Schema<'Reconciler'>;

/** How a part of the background work is doing. */
export type WorkState = 'good' | 'failing' | 'stuck' | 'starting';

/** Judges a part of the background work by what was told of it. */
export function workState({ last_pass, last_error, overdue }: Reconciler): WorkState {
  if (!last_pass) return 'starting';
  if (overdue) return 'stuck';
  return last_error ? 'failing' : 'good';
}
