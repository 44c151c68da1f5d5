import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test as base } from '@playwright/test';

/** A page whose every fault is a failure of the test: errors in its console, and requests to elsewhere. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const watch = new Watch(page);
    await use(page);
    expect(watch.take()).toEqual([]);
  },
});

/** Collects what goes wrong on a page. */
export class Watch {
  #faults: string[] = [];
  #expected: RegExp[] = [];

  constructor(page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.#faults.push(`${page.url()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => this.#faults.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') {
        this.#faults.push(`${page.url()} asks ${request.url()}`);
      }
    });
  }

  /** From now on such faults are no fault: browsers report every answer that refuses something. */
  expect(fault: RegExp): void {
    this.#expected.push(fault);
  }

  /** What went wrong since the last look. Nothing is expected any more. */
  take(): string[] {
    const faults = this.#faults.filter((fault) => !this.#expected.some((expected) => expected.test(fault)));
    this.#faults = [];
    this.#expected = [];
    return faults;
  }
}

/** No fault that axe can find, WCAG 2.2 up to AA. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`),
  );
  expect(found, page.url()).toEqual([]);
  // What axe takes for a name: "user-add Invite".
  const named = page.locator(
    ':is(button, a.ant-btn, [role=button]):not([aria-label]) .anticon:not([aria-hidden], [aria-hidden] *)',
  );
  const labels = await named.evaluateAll((icons) => icons.map((icon) => icon.getAttribute('aria-label')));
  expect(labels.filter((label) => label === null || /^[a-z]+(-[a-z]+)*$/.test(label))).toEqual([]);
}
