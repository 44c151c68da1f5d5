import type { Partner } from '../../api/partners';

/** Whether the fingerprints have still to be compared by telephone. */
export function isUncompared({
  trust,
  fingerprint_confirmed_at,
}: Pick<Partner, 'trust' | 'fingerprint_confirmed_at'>): boolean {
  return trust === 'paired' && !fingerprint_confirmed_at;
}
