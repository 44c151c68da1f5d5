import { expect, it } from 'vitest';

import { pageLoader, PAGES } from './routes';

it('every page has its file', () => {
  expect(PAGES.filter((page) => !pageLoader(page)).map(({ page }) => page)).toEqual([]);
});
