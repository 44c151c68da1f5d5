import { defineConfig } from '@playwright/test';

/**
 * The web console in a real browser, served by real consoles.
 *
 * EFLS_CONSOLE     the program, built with its pages
 * EFLS_CHROMIUM    the browser [/usr/bin/chromium]
 * EFLS_SCREENSHOTS where the pictures of all pages go [e2e/screenshots]
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../node_modules/.tmp/e2e',
  // Two cores, and each test has two consoles of its own.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 20_000,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['EFLS_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
