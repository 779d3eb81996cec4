import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** Debian's package chromium, unless CHROMIUM names another. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A real browser for the tests of one file. A page that logs an error fails its test. */
export interface TestBrowser {
  /** Opens a page as a new visitor, without cookies. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
}

export function useBrowser(): TestBrowser {
  let browser: Browser | null = null;
  const problems: string[] = [];

  beforeAll(async () => {
    // Chromium's sandbox does not work for root in a container, and /dev/shm is often too small there.
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });

  return {
    async open(url, options = {}) {
      if (browser === null) throw new Error('the browser is not open');
      const context = await browser.newContext({
        viewport: WIDE,
        locale: 'en-US',
        timezoneId: 'America/Sao_Paulo',
        ...options,
      });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
      await page.goto(url);
      return page;
    },
  };
}
