import { readFile } from 'node:fs/promises';

import { type BrowserContext, expect } from '@playwright/test';

import { Console } from './support/console';
import { Desk } from './support/desk';
import { PASSWORD } from './support/operator';
import { picture } from './support/pictures';
import { test, Watch } from './support/watched';

// One story: each part goes on where the one before ended.
test.describe.configure({ mode: 'serial' });

/** Rows that `examples/data/host.csv` and `examples/data/peer.csv` have in common. */
const IN_COMMON = 499;
/** So many that a run is still under way when somebody stops it. */
const MANY_EPOCHS = 100_000;

let consoles: Console[] = [];
const contexts: BrowserContext[] = [];
let host: Desk;
let peer: Desk;
const watches: Watch[] = [];
/** Where the runs that were trained to their end are. */
const trained: string[] = [];

test.beforeAll(async ({ browser }) => {
  consoles = await Promise.all([Console.start('Lakeside Clinic'), Console.start('Riverside Hospital')]);
  const desks = await Promise.all(
    consoles.map(async (console) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      contexts.push(context);
      watches.push(new Watch(page));
      return new Desk(page, console);
    }),
  );
  [host, peer] = desks as [Desk, Desk];
});

test.afterEach(() => {
  expect(watches.flatMap((watch) => watch.take())).toEqual([]);
});

test.afterAll(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  await Promise.all(consoles.map((console) => console.remove()));
});

test('both sides start for the first time', async () => {
  expectRefusals(403);
  await host.firstStart('anna');
  await peer.firstStart('bo');
});

test('one side invites, the other accepts, and both compare fingerprints', async () => {
  const code = await host.invite('Riverside Hospital');
  await picture(host.page, 'story-1-invite');
  await peer.accept(code, 'Lakeside');
  await picture(peer.page, 'story-2-accept');
  await expect(host.page.getByText('The invitation was accepted.')).toBeVisible();
  await host.page.getByRole('link', { name: 'To the new partner' }).click();
  for (const desk of [host, peer]) {
    await desk.button('Yes, the same').click();
    await expect(desk.page.getByText('Compared, and the same on both sides')).toBeVisible();
  }
});

test('a project that one side begins is taken by the other', async () => {
  await host.createProject('tumours');
  await peer.takeProject('tumours with Lakeside');
  await expect(host.page.locator('.page-header').getByText('Open')).toBeVisible();
});

test('a join is made by form on both sides, paired and run to its end', async () => {
  for (const [desk, name, file] of [
    [host, 'join', 'host.csv'],
    [peer, 'align', 'peer.csv'],
  ] as const) {
    await makeHalf(desk, {
      name,
      token: 'tumours-join',
      type: 'Join tables',
      data: () => desk.uploadTable(file),
      settings: () => desk.choose('setting_id_columns', 'id'),
    });
  }
  await toProject(host);
  await host.page.getByRole('link', { name: 'join' }).click();
  await expect(host.button('Ask Riverside Hospital to pair')).toBeVisible();
  await picture(host.page, 'story-3-task');
  await host.pair('Riverside Hospital');
  await peer.expectPaired('Lakeside');

  await host.run('join');
  await expect(host.page.getByText('Waiting for Riverside Hospital to accept the run')).toBeVisible();
  await peer.visit('Overview');
  await picture(peer.page, 'story-3b-asked');
  await peer.acceptRun('align');
  await host.expectState('succeeded');
  await expect(host.figure('Rows in common')).toHaveText(String(IN_COMMON));
  await expect(host.log()).toContainText('both sides');
  await expect(host.page.locator('.run-sides').getByText('Succeeded')).toHaveCount(2);

  const [download] = await Promise.all([
    host.page.waitForEvent('download'),
    host.page.getByRole('link', { name: /joined-.*\.csv/ }).click(),
  ]);
  await picture(host.page, 'story-4-join');
  const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  expect(rows).toHaveLength(IN_COMMON + 1);
});

test('a training says how good it became', async () => {
  await makeTraining({ host: 'train', peer: 'learn' });
  await host.pair('Riverside Hospital');

  await host.run('train');
  await peer.acceptRun('learn', { always: true });
  await host.expectState('succeeded');
  trained.push(host.page.url());
  await expect(host.figure('AUC')).toHaveText(/^(1|0\.9\d+)$/);
  for (const title of ['ROC curve', 'Confusion matrix', 'Log loss']) {
    await expect(host.page.getByText(title, { exact: true }).first()).toBeVisible();
  }
  await picture(host.page, 'story-6-trained');
  await expect(host.page.getByRole('region', { name: 'Weights' })).toContainText('mean_radius');
});

test('it runs again, and cloned with changes; the runs are compared', async () => {
  await host.button('Run again').click();
  await host.page.waitForURL((url) => url.href !== trained[0]);
  // The page of the first run, which has succeeded too, is shown until that of the second one is there.
  await expect(host.heading('Run 2 of train')).toBeVisible();
  await host.expectState('succeeded');

  await host.button('Clone with changes').click();
  await host.page.getByText('Advanced', { exact: true }).click();
  await host.setting('noise_sigma').fill('0.5');
  await host.button('Create version').click();
  await expect(host.page.getByText('Pair it to run it.')).toBeVisible();
  await host.pair('Riverside Hospital');
  await host.run('train');
  await peer.acceptRun('learn');
  await host.expectState('succeeded');
  trained.push(host.page.url());

  await host.button('Compare with …').click();
  const first = trained[0]?.split('/').at(-1) ?? '';
  await host.page.locator(`tr[data-row-key="${first}"] input[type=checkbox]`).check();
  await host.button('Compare (2)').click();
  await expect(host.heading('Compare runs')).toBeVisible();
  const noise = host.page.getByRole('row', { name: /Noise on sent values/ });
  await expect(noise).toContainText('0.5');
  await expect(host.page.getByRole('figure').first()).toBeVisible();
  await picture(host.page, 'story-7-compare');
});

test('a long run is followed as it grows, stopped by either side, and started again', async () => {
  await makeTraining({ host: 'endless', peer: 'endless', epochs: MANY_EPOCHS });
  await host.pair('Riverside Hospital');

  await host.run('endless');
  await peer.acceptRun('endless', { always: true });
  await host.expectState('running');
  await expect(host.log()).toContainText('is not learnt from');
  await host.page.getByLabel('Search in the log').fill('COLUMN');
  await expect(host.log()).not.toContainText('training');
  await host.page.getByLabel('Search in the log').fill('');
  await expect(host.log()).toContainText('training');
  await grows(() => host.page.getByRole('img', { name: /^Accuracy\. / }).getAttribute('aria-label'));
  await picture(host.page, 'story-5-training');

  await stop(host);
  await expect(host.page.getByText('Stopped by your side')).toBeVisible();
  await host.button('Start again').click();
  await host.expectState('running');
  await expect(host.page.getByText('Attempt 2 (latest)')).toBeVisible();

  await peer.visit('Runs');
  await peer.page
    .getByRole('link', { name: /endless/ })
    .first()
    .click();
  await peer.expectState('running');
  await stop(peer);
  await expect(host.page.getByText('Stopped by Riverside Hospital')).toBeVisible();
});

test('a partner that is away is shown, and the run goes on when it is back', async () => {
  // What was stopped there is started again from there; then our side is asked.
  await peer.button('Start again').click();
  await host.button('Accept and run').click();
  await host.expectState('running');
  expectLostConnections();
  await consoles[1]?.kill();
  // Which of the two depends on whose message was under way.
  const away = /Riverside Hospital (does not answer at the moment|cannot be reached from here)/;
  await expect(host.page.getByText(away)).toBeVisible({ timeout: 90_000 });
  await host
    .button('Check the connection')
    .or(host.page.getByRole('link', { name: 'Check the connection' }))
    .click();
  await host.button('Check connection').click();
  await expect(
    host.page.getByText('The way to Riverside Hospital ends at: Network connection (TCP)'),
  ).toBeVisible();
  await consoles[1]?.restart();
  await host.button('Check connection').click();
  await expect(host.page.getByText('The way to Riverside Hospital is open')).toBeVisible();
  await host.page.goBack();
  await host.expectState('running');
  await grows(() => host.page.getByRole('img', { name: /^Accuracy\. / }).getAttribute('aria-label'));
  await stop(host);
});

test('a lost connection to the own console is shown, and heals', async () => {
  expectLostConnections();
  await consoles[0]?.kill();
  await expect(host.page.locator('[data-live=offline], [data-live=polling]')).toBeVisible();
  await consoles[0]?.restart();
  await expect(host.page.getByText('Connection restored. Everything is up to date.')).toBeVisible();
  await expect(host.page.locator('[data-live=live]')).toBeAttached();
});

test('files are uploaded, downloaded and deleted', async () => {
  await host.visit('Files');
  const file = { name: 'notes.csv', mimeType: 'text/csv', buffer: Buffer.from('id,x\n1,2\n') };
  await host.page.locator('input[type=file]').setInputFiles(file);
  await expect(host.page.getByText('Stored', { exact: true })).toBeVisible();
  const [download] = await Promise.all([
    host.page.waitForEvent('download'),
    host.page.getByRole('link', { name: 'Download notes.csv' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe('id,x\n1,2\n');
  const row = host.page.getByRole('row', { name: /notes\.csv/ });
  await row.getByRole('button', { name: 'Delete' }).click();
  await host.dialog().getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
});

test('language and colours are chosen, and stay', async () => {
  await host.button('Language').click();
  await host.page.getByRole('menuitem', { name: '中文' }).click();
  await expect(host.heading('文件')).toBeVisible();
  await host.button('配色').click();
  await host.page.getByRole('menuitem', { name: '深色' }).click();
  await host.page.reload();
  await expect(host.heading('文件')).toBeVisible();
  await expect(host.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await host.page.getByRole('button', { name: '语言' }).click();
  await host.page.getByRole('menuitem', { name: 'English' }).click();
  await expect(host.heading('Files')).toBeVisible();
});

test('a session that has ended asks to sign in, and leads back', async () => {
  expectRefusals(401);
  await host.visit('Users');
  await host.page.context().clearCookies();
  await host.page.reload();
  await expect(host.page.getByText('your session has ended')).toBeVisible();
  await host.signIn('anna', 'not the password');
  await expect(host.page.getByText('The user name or the password is wrong.')).toBeVisible();
  await host.signIn('anna');
  await expect(host.heading('Users')).toBeVisible();
});

test('what was typed is not lost by Esc, nor by a session that ends', async () => {
  expectRefusals(401);
  await host.visit('Users');
  await host.button('New user').click();
  await host.page.getByLabel('Name to sign in with').fill('carla');
  await host.page.keyboard.press('Escape');
  await expect(host.page.getByRole('dialog', { name: 'Discard what you typed?' })).toBeVisible();
  await host.button('Go on typing').click();
  await host.page.context().clearCookies();
  await host.page.getByLabel('Password', { exact: true }).fill('a password of carla');
  await host.button('Create').click();
  const again = host.page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByLabel('Password').fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again).toBeHidden();
  await expect(host.page.getByLabel('Name to sign in with')).toHaveValue('carla');
  await host.button('Create').click();
  await expect(host.page.getByRole('cell', { name: 'carla' })).toBeVisible();
});

/** Answers that the browser may report in this part of the story. */
function expectRefusals(status: number): void {
  for (const watch of watches) watch.expect(new RegExp(`status of ${status}`));
}

/** What the browser reports of a console that is away. */
function expectLostConnections(): void {
  for (const watch of watches) watch.expect(/net::ERR_/);
}

interface Half {
  /** What this side calls it. */
  name: string;
  /** What both sides call it. */
  token: string;
  type: 'Join tables' | 'Train a model';
  /** Brings the table. */
  data: () => Promise<void>;
  /** Fills in what this side needs besides. */
  settings?: () => Promise<void>;
}

/** One side's half of a task: made, with its table, and its settings by form. */
async function makeHalf(desk: Desk, { name, token, type, data, settings }: Half): Promise<void> {
  await desk.createTask(name, type, token);
  await data();
  await desk.choose('setting_input', 'table');
  await settings?.();
  await desk.saveSettings();
}

/** Both halves of a training on what the join wrote. */
async function makeTraining({
  epochs,
  ...names
}: {
  host: string;
  peer: string;
  epochs?: number;
}): Promise<void> {
  for (const [desk, name] of [
    [host, names.host],
    [peer, names.peer],
  ] as const) {
    await toProject(desk);
    await makeHalf(desk, {
      name,
      token: `tumours-${names.host}`,
      type: 'Train a model',
      data: () => desk.attachTable(/joined/),
      settings: async () => {
        if (desk === host) await desk.choose('setting_label', 'malignant');
        if (epochs !== undefined) await desk.setting('epochs').fill(String(epochs));
      },
    });
  }
}

async function toProject(desk: Desk): Promise<void> {
  await desk.visit('Projects');
  await desk.page.getByRole('link', { name: /^tumours/ }).click();
}

async function stop(desk: Desk): Promise<void> {
  await desk.button('Stop').click();
  await desk.dialog().getByRole('button', { name: 'Stop' }).click();
  await desk.expectState('stopped');
}

/** What is on the screen becomes something else, and again. */
async function grows(read: () => Promise<string | null>): Promise<void> {
  for (let before = await read(), times = 0; times < 2; times += 1) {
    await expect.poll(read).not.toBe(before);
    before = await read();
  }
}
