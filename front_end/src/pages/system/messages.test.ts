import { expect, it } from 'vitest';

import { isSteerable, MESSAGE_KINDS, pageOf } from './messages';

it('every message that is about something with a page leads to it', () => {
  const about = (kind: string) => pageOf({ kind, about: 'x' });
  expect(MESSAGE_KINDS.map(about)).toEqual([
    '/partners/x',
    '/partners/x',
    '/projects/x',
    '/projects/x',
    undefined,
    '/runs/x',
    '/runs/x',
    '/runs/x',
  ]);
  expect(about('of a newer server')).toBeUndefined();
});

it('what has arrived cannot be sent or given up again', () => {
  expect(isSteerable({ state: 'refused' })).toBe(true);
  expect(isSteerable({ state: 'delivered' })).toBe(false);
});
