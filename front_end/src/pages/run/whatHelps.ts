import type { Instance } from '../../api/instances';
import { failureOf } from './failure';

/**
 * What helps a run that has not ended well: to start it again, other settings, to read the reason and talk to the
 * partner, or another run of the same version.
 */
export type Help = 'start' | 'settings' | 'reason' | 'another';

/** What ended the partner's side, where the word for it says that starting again helps, or that it is in vain. */
const PARTNER: Readonly<Record<string, Help>> = {
  partner_lost: 'start',
  partner_cannot_start: 'another',
  partner_deleted: 'another',
  partner_unknowing: 'another',
};

type Run = Pick<Instance, 'status' | 'stop_cause' | 'stop_reason_code' | 'error' | 'partner'>;

/** What to offer first for a run that can be started. Only what the server says in words for programs decides. */
export function whatHelps({ status, stop_cause, stop_reason_code, error, partner }: Run): Help {
  const theirs = stop_cause === 'partner_failed';
  if (status === 'failed' && !theirs && !failureOf(error).retryable) return 'settings';
  if (partner.gone_at) return 'another';
  // Whether the partner's engine would fail again is not told: its operators know.
  if (status === 'failed' && theirs) return PARTNER[stop_reason_code ?? ''] ?? 'reason';
  return 'start';
}
