import type { Schema } from '../../api/client';
import { isOneOf } from '../../components/words';

/** What the check of a connection looks at, in order. */
export const HOPS = ['name', 'tcp', 'tls', 'http', 'console', 'signature', 'clock'] as const;

const OUTCOMES = ['passed', 'warned', 'failed', 'skipped'] as const;
/** How a step went; `untried` for one behind a fault, `notYet` for one that fails until the partner has accepted us. */
export type HopState = (typeof OUTCOMES)[number] | 'untried' | 'notYet';

/** A step of the check. */
export interface Hop {
  hop: (typeof HOPS)[number];
  state: HopState;
  detail?: string;
}

/** All steps in order, also those that a fault before them kept from being tried. */
export function hopsOf({ steps, verdict }: Pick<Schema<'ConnectionCheck'>, 'steps' | 'verdict'>): Hop[] {
  return HOPS.map((hop) => {
    const step = steps.find(({ checked }) => checked === hop);
    if (!step) return { hop, state: 'untried' };
    const outcome = isOneOf(OUTCOMES, step.outcome) ? step.outcome : 'warned';
    const state = outcome === 'failed' && verdict === 'not_accepted_yet' ? 'notYet' : outcome;
    return { hop, state, detail: step.detail };
  });
}
