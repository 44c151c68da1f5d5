import type { Instance } from '../../api/instances';
import { isOneOf, WAITING_STATES } from '../../components/words';

/** Whether there can be results, curves and a log: it was started here at least once. */
export function hasBegun({ status, attempt, started_at }: Instance): boolean {
  const waits = status === 'awaiting_consent' || isOneOf(WAITING_STATES, status);
  return !waits || attempt > 1 || Boolean(started_at);
}
