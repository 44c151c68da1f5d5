// @vitest-environment node
import { expect, it } from 'vitest';

import { problems } from '../../scripts/i18n.mjs';

it('the languages have the same keys and placeholders', async () => {
  expect(await problems()).toEqual([]);
});
