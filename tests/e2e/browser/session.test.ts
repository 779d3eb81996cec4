import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { useBrowser } from './browser.ts';

const TOKEN = 'token-of-ana-the-operator';

const house = useHouse({ settings: { operator_tokens: `ana=${TOKEN}`, anonymous_role: 'none' } });
const browser = useBrowser();

const at = (path: string) => `${house.guardrail().opsUrl}${path}`;

/** A page that was opened before signing in, as a link or a bookmark does. */
async function signedInAt(path: string): Promise<Page> {
  const page = await browser.open(at(path));
  await page.locator('input[name="token"]').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.waitForURL(at(path));
  return page;
}

async function signOutInAnotherTab(page: Page): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(at('/sign-out'));
  await other.locator('button', { hasText: 'Sign out' }).click();
  await other.waitForURL(at('/sign-in'));
}

test('a page that is left open does not keep its figures after the session has ended', async () => {
  const page = await signedInAt('/health');
  await page.clock.install();
  await page.reload();

  await signOutInAnotherTab(page);
  await page.bringToFront();
  await page.clock.fastForward('01:00');

  await page.waitForURL(/\/sign-in\?next=%2Fhealth$/);
  expect(await page.locator('h1').textContent()).toBe('Sign in to guardrail');
});

test('nothing that was seen comes back with the back button after signing out', async () => {
  const page = await signedInAt('/decisions');

  await page.goto(at('/sign-out'));
  await page.locator('button', { hasText: 'Sign out' }).click();
  await page.waitForURL(at('/sign-in'));
  await page.goBack();
  await page.goBack();

  expect(new URL(page.url()).search).toBe('?next=%2Fdecisions');
  expect(await page.locator('h1').textContent()).toBe('Sign in to guardrail');
});
