/** The states of a run that the console knows; a newer server may have others. */
export const RUN_STATES = [
  'draft',
  'ready',
  'awaiting_consent',
  'starting',
  'running',
  'stopping',
  'succeeded',
  'stopped',
  'failed',
  'lost',
  'archive',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States in which something goes on. */
export const ACTIVE_STATES: readonly RunState[] = ['starting', 'running', 'stopping'];
/** States of a run that has not begun: the partner does not know it, or has not said yes. */
export const WAITING_STATES: readonly RunState[] = ['draft', 'ready'];
/** States of a run that did not end well. */
export const BAD_STATES: readonly RunState[] = ['failed', 'lost'];

export function isActive(status: string): boolean {
  return (ACTIVE_STATES as readonly string[]).includes(status);
}

export const TRUSTS = ['pending', 'paired', 'suspended', 'unpaired', 'base'] as const;
export type Trust = (typeof TRUSTS)[number];

/** Narrows a word to those that are known. */
export function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}
