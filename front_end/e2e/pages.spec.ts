import { expect, type Page } from '@playwright/test';

import { Demo } from './support/demo';
import { Operator } from './support/operator';
import { picture } from './support/pictures';
import { expectAccessible, test } from './support/watched';
import type { components } from '../src/api/schema';

type Schemas = components['schemas'];

const LOOKS = [
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
  { language: 'zh', theme: 'light' },
  { language: 'zh', theme: 'dark' },
];

let demo: Demo;
let operator: Operator;

test.beforeAll(async () => {
  demo = await Demo.start();
  operator = await Operator.signIn(demo.host, demo.host.name, demo.host.password);
});
test.afterAll(() => demo.remove());

async function signIn(page: Page): Promise<void> {
  await page.goto(`${demo.host.address}/sign-in`);
  await page.getByLabel('User name').fill(demo.host.name);
  await page.getByLabel('Password').fill(demo.host.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
}

/** Chooses language and colours, as if somebody had done so before. */
async function look(page: Page, language: string, theme: string): Promise<void> {
  await page.evaluate(
    ([language, theme]) => {
      localStorage.setItem('efls.language', language ?? '');
      localStorage.setItem('efls.theme', theme ?? '');
    },
    [language, theme],
  );
}

/** A name for the pictures, and the address, of every page. */
async function pages(): Promise<[string, string][]> {
  const { items: partners } = await operator.get<Schemas['Listing_Partner']>('/partners');
  const { items: projects } = await operator.get<Schemas['Listing_Project']>('/projects');
  const { items: runs } = await operator.get<Schemas['Listing_Instance']>('/instances');
  const { items: files } = await operator.get<Schemas['Listing_ListedObject']>('/objects');
  const [training, join] = runs;
  const file = files.find(({ name }) => name.endsWith('.csv'));
  return [
    ['overview', '/'],
    ['partners', '/partners'],
    ['partner', `/partners/${partners[0]?.id}`],
    ['accept', '/invitations/accept'],
    ['projects', '/projects'],
    ['project', `/projects/${projects[0]?.id}`],
    ['task', `/tasks/${training?.task_id}`],
    ['runs', '/runs'],
    ['run-training', `/runs/${training?.id}`],
    ['run-join', `/runs/${join?.id}`],
    ['compare', `/runs/compare?ids=${training?.id},${join?.id}`],
    ['files', '/objects'],
    ['file', `/objects/${encodeURIComponent(file?.name ?? '')}`],
    ['users', '/users'],
    ['system', '/system'],
    ['account', '/account'],
    ['not-found', '/nothing/here'],
  ];
}

/** What is on the way has come: no skeleton, no spinner. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.ant-skeleton-active, .ant-spin-spinning')).toHaveCount(0);
}

test('the first page takes few requests, and a change of a run one', async ({ page }) => {
  await signIn(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(demo.host.address);
  await settled(page);
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(15);
  const { items } = await operator.get<Schemas['Listing_Instance']>('/instances');
  const run = items[0];
  asked.length = 0;
  await operator.patch(`/instances/${run?.id}`, { comment: 'looked at' });
  await expect.poll(() => asked).toEqual(['/api/v1/overview']);
  await operator.patch(`/instances/${run?.id}`, { comment: null });
});

for (const theme of ['light', 'dark']) {
  test(`every page can be loaded by its address, and has no fault that axe finds, ${theme}`, async ({
    page,
  }) => {
    await signIn(page);
    await look(page, 'en', theme);
    for (const [, path] of await pages()) {
      await page.goto(demo.host.address + path);
      await settled(page);
      expect(new URL(page.url()).pathname).toBe(path.split('?')[0]);
      await expectAccessible(page);
    }
  });
}

for (const { language, theme } of LOOKS) {
  test(`pictures of every page, ${language}, ${theme}`, async ({ page }) => {
    await signIn(page);
    await look(page, language, theme);
    for (const [name, path] of await pages()) {
      await page.goto(demo.host.address + path);
      await settled(page);
      await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
      await picture(page, `${name}-${language}-${theme}`);
    }
  });
}

test('a phone shows every page without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page);
  for (const [name, path] of await pages()) {
    await page.goto(demo.host.address + path);
    await settled(page);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider, path).toBeLessThanOrEqual(0);
    await picture(page, `${name}-phone`);
  }
});

test('long and odd names break no page', async ({ page }) => {
  const long = 'Ünbroken👩‍⚕️'.repeat(24).slice(0, 200);
  const { items: projects } = await operator.get<Schemas['Listing_Project']>('/projects');
  const { items: partners } = await operator.get<Schemas['Listing_Partner']>('/partners');
  const { items: runs } = await operator.get<Schemas['Listing_Instance']>('/instances');
  await operator.patch(`/projects/${projects[0]?.id}`, { name: long, comment: long });
  await operator.patch(`/partners/${partners[0]?.id}`, { name: `${long}2` });
  await operator.patch(`/instances/${runs[0]?.id}`, { comment: long });
  await operator.patch('/system', { name: long.slice(0, 128) });
  await signIn(page);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const withNames = (await pages()).filter(([name]) => !['accept', 'account', 'not-found'].includes(name));
    for (const [name, path] of withNames) {
      await page.goto(demo.host.address + path);
      await settled(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(wider, `${path} at ${width} px`).toBeLessThanOrEqual(0);
      await picture(page, `long-${name}-${width}`);
    }
  }
});
