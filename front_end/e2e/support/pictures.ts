import { join } from 'node:path';

import { expect, type Page } from '@playwright/test';

/** Where the pictures for people go. */
const FOLDER = process.env['EFLS_SCREENSHOTS'] ?? join(import.meta.dirname, '../screenshots');

/** A picture of a page as a whole. The window is made as high as the page: one that is put together of parts may be blank. */
export async function picture(page: Page, name: string): Promise<void> {
  const window = page.viewportSize() ?? { width: 1280, height: 800 };
  await expect(async () => {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: window.width, height: Math.max(height, window.height) });
    // Charts follow the window in the next frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(
      Math.max(height, window.height),
    );
  }).toPass();
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  await page.setViewportSize(window);
}
