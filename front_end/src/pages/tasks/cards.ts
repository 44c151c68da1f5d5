/** The cards of the page that the steps lead to. */
export const CARDS = {
  data: 'task-data',
  config: 'task-config',
  pairing: 'task-pairing',
  runs: 'task-runs',
} as const;

export type Card = keyof typeof CARDS;

/** Leads to a card, for the eye and for the keyboard. */
export function showCard(card: Card): void {
  const element = document.getElementById(CARDS[card]);
  element?.scrollIntoView({ block: 'start' });
  element?.focus({ preventScroll: true });
}

/** Runs that the page shows; the guide asks for the same ones. */
export const RUNS_SHOWN = 10;
