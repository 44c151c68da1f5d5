import { join } from 'node:path';

import { expect, type Locator, type Page } from '@playwright/test';

import type { Console } from './console';
import { PASSWORD } from './operator';

const DATA = join(import.meta.dirname, '../../../examples/data');

/** One organisation's operator in front of a browser: what they do, by the words on the screen. */
export class Desk {
  readonly page: Page;
  readonly console: Console;

  constructor(page: Page, console: Console) {
    this.page = page;
    this.console = console;
  }

  /** Loads an address of the console. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.console.address + path);
  }

  /** Follows the main navigation. */
  async visit(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name, level: 1 });
  }

  /** A button by its whole label. */
  button(label: string): Locator {
    return this.page.getByRole('button', { name: label, exact: true });
  }

  async firstStart(name: string): Promise<void> {
    await this.open('/');
    await expect(this.page.getByText('Nobody has an account here yet')).toBeVisible();
    await this.page.getByLabel('Setup code').fill('not-the-code');
    await expect(this.page.getByLabel('Name of your organisation')).not.toHaveValue('');
    await this.page.getByLabel('User name').fill(name);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByLabel('Password again').fill(PASSWORD);
    await this.button('Create account and sign in').click();
    await expect(this.page.getByText('This is not the setup code.')).toBeVisible();
    await this.page.getByLabel('Setup code').fill(this.console.setupCode ?? '');
    await this.button('Create account and sign in').click();
    await expect(this.heading('Overview')).toBeVisible();
  }

  async signIn(name: string, password = PASSWORD): Promise<void> {
    await this.page.getByLabel('User name').fill(name);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Sign in').click();
  }

  /** Makes an invitation, and gives its code; the drawer stays open. */
  async invite(whom: string): Promise<string> {
    await this.visit('Partners');
    await this.button('Invite').first().click();
    await this.page.getByLabel('For whom').fill(whom);
    await this.button('Create the code').click();
    return this.page.getByLabel('invitation code', { exact: true }).inputValue();
  }

  async accept(code: string, name: string): Promise<void> {
    await this.visit('Partners');
    await this.page.getByRole('link', { name: 'Accept an invitation' }).first().click();
    await this.page.getByLabel('Invitation code').fill(code);
    await this.button('Show what it holds').click();
    await expect(this.page.getByText('Nothing has been sent yet')).toBeVisible();
    await this.page.getByLabel('Name here').fill(name);
    await this.button('Accept').click();
    await expect(this.page.getByText(`${name} has answered: both consoles are paired`)).toBeVisible();
  }

  async createProject(name: string): Promise<void> {
    await this.visit('Projects');
    await this.button('New project').first().click();
    await this.dialog().getByLabel('Name').fill(name);
    await this.dialog().getByRole('button', { name: 'Create' }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** Takes the project that a partner began. */
  async takeProject(name: string): Promise<void> {
    await this.visit('Projects');
    await this.button('Accept project').click();
    await this.dialog().getByLabel('Name').fill(name);
    await this.dialog().getByRole('button', { name: 'Accept project' }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  async createTask(name: string, type: 'Join tables' | 'Train a model', token: string): Promise<void> {
    await this.button('New task').first().click();
    await this.dialog().getByLabel('Name').fill(name);
    await this.dialog().getByRole('radio', { name: type }).check();
    await this.dialog().getByLabel('Matching code').fill(token);
    await this.dialog().getByRole('button', { name: 'Create' }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** Uploads a file of `examples/data` in the task's page. */
  async uploadTable(file: string): Promise<void> {
    await this.page.locator('#task-data input[type=file]').setInputFiles(join(DATA, file));
    await this.button('Upload and attach').click();
    await expect(this.page.getByText('Attached as “table”.')).toBeVisible();
  }

  /** Attaches what an earlier run wrote. */
  async attachTable(object: RegExp): Promise<void> {
    await this.page.getByText('Use an existing file').click();
    await this.choose('existing-object', object);
    await this.button('Attach').click();
    await expect(this.page.getByText('Attached as “table”.')).toBeVisible();
  }

  /** Chooses in a list, again when the list was drawn anew under the pointer. */
  async choose(id: string, option: string | RegExp): Promise<void> {
    const field = this.page.locator(`#${id}`);
    const options = this.page.locator('.ant-select-dropdown:visible .ant-select-item-option');
    const box = this.page.locator('.ant-select').filter({ has: field });
    await expect(async () => {
      await field.click({ timeout: 2_000 });
      await options.filter({ hasText: option }).first().click({ timeout: 2_000 });
      await this.page.keyboard.press('Escape');
      const shown = `${await box.innerText()} ${await field.inputValue()}`;
      expect(shown).toMatch(option);
    }).toPass();
  }

  /** A field of the task's settings. */
  setting(name: string): Locator {
    return this.page.locator(`#setting_${name}`);
  }

  async saveSettings(): Promise<void> {
    const card = this.page.locator('#task-config');
    await card.getByRole('button', { name: 'Save' }).click();
    await expect(card.getByText('Saved. The engine finds nothing wrong.')).toBeVisible();
  }

  async pair(partner: string): Promise<void> {
    await this.button(`Ask ${partner} to pair`).click();
    await this.expectPaired(partner);
  }

  async expectPaired(partner: string): Promise<void> {
    await expect(this.page.getByText(`Paired with ${partner}`, { exact: true })).toBeVisible();
  }

  /** Runs the version on the screen, and comes to the run's page. */
  async run(task: string): Promise<void> {
    await this.button('Run').click();
    await this.dialog().getByRole('button', { name: 'Run' }).click();
    await expect(this.heading(new RegExp(`^Run \\d+ of ${task}$`))).toBeVisible();
  }

  /** Accepts what the partner asks to be run, from the overview on. */
  async acceptRun(task: string, { always = false } = {}): Promise<void> {
    await this.visit('Overview');
    await this.page.getByRole('link', { name: new RegExp(`asks to run .*${task}`) }).click();
    await expect(this.page.getByText('This is exactly what would run')).toBeVisible();
    if (always) await this.page.getByLabel('Also accept later runs of this version').check();
    await this.button('Accept and run').click();
    await expect(this.page.getByText('This is exactly what would run')).toHaveCount(0);
  }

  /** The state of our half, as the head of the run's page says it. */
  async expectState(state: string, timeout = 60_000): Promise<void> {
    await expect(this.page.locator(`.page-header [data-status=${state}]`)).toBeVisible({ timeout });
  }

  figure(name: string): Locator {
    return this.page.locator('.run-figures div').filter({ hasText: name }).locator('dd').first();
  }

  log(): Locator {
    return this.page.getByRole('log', { name: 'Log of your side' });
  }

  /** What lies over the page: a drawer or a question. */
  dialog(): Locator {
    return this.page.getByRole('dialog');
  }
}
