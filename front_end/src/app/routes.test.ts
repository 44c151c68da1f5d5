import { expect, it } from 'vitest';

import { pageLoader, PAGES } from './routes';

it('every page has its file', () => {
  // The overview is loaded with the console.
  expect(PAGES.filter((page) => !pageLoader(page)).map(({ page }) => page)).toEqual([
    'overview/OverviewPage',
  ]);
});
