// @vitest-environment node
import { expect, it } from 'vitest';

import { isStale } from '../../scripts/api.mjs';

it('the client fits the description of the API', { timeout: 30_000 }, async () => {
  expect(await isStale()).toBe(false);
});
