import type { Instance } from '../../api/instances';

/**
 * What helps a run that has not ended well: to start it again, other settings, to read the reason and talk to the
 * partner, another run of the same version, or nothing but to wait.
 */
export type Help = 'start' | 'settings' | 'reason' | 'another' | 'wait';

/** What ended the partner's side, where the word for it says that starting again helps, or that it is in vain. */
const PARTNER: Readonly<Record<string, Help>> = {
  partner_lost: 'start',
  partner_cannot_start: 'another',
  partner_deleted: 'another',
  partner_unknowing: 'another',
};

type Run = Pick<Instance, 'status' | 'stop_cause' | 'stop_reason_code' | 'failure' | 'partner'>;

/** What to offer first for a run that can be started. Only what the server says in words for programs decides. */
export function whatHelps({ status, stop_cause, stop_reason_code, failure, partner }: Run): Help {
  // It starts when the partner's operators say yes.
  if (status === 'ready' && partner.status === 'awaiting_consent') return 'wait';
  const theirs = stop_cause === 'partner_failed';
  if (status === 'failed' && !theirs && !failure?.retryable) return 'settings';
  if (partner.gone_at) return 'another';
  if (status === 'failed' && theirs) {
    // What it does not tell, its operators know.
    const passed = stop_reason_code === 'partner_failed' && partner.retryable === true;
    return passed ? 'start' : (PARTNER[stop_reason_code ?? ''] ?? 'reason');
  }
  return 'start';
}
