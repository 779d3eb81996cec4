import { describe, expect, test } from 'vitest';
import { eventually, useHouse } from '../guardrail.ts';
import { useBrowser } from './browser.ts';
import { ask, SQL } from './traffic.ts';

const OPERATOR = 'token-of-ana-the-operator';

const house = useHouse({
  sandbox: { messages: 300_000 },
  settings: { operator_tokens: `ana=${OPERATOR}` },
});

const browser = useBrowser();

const at = (path: string) => `${house.guardrail().opsUrl}${path}`;

describe('somebody whose query was refused', () => {
  test('sees it in the feed as it happens, opens its decision, and reads what to run instead', async () => {
    const page = await browser.open(at('/'));
    await page.locator('#feed-state[data-state="on"]').waitFor();

    const id = await ask(house, { sql: SQL.star, person: 33, dashboard: 5, card: 12 });
    await page.locator(`#feed a[href="/decisions/${id}"]`).click();

    expect(await page.locator('h1').textContent()).toBe('This query was refused.');
    await eventually(async () => {
      await page.reload();
      expect(await page.locator('#rewrites pre').first().textContent()).toContain('created_at >=');
    });
    expect(await page.locator('mark').textContent()).toContain('*');
    expect(await page.locator('.figure').first().textContent()).toMatch(/^saves .* a run$/);
    expect(await page.locator('.steps .stop b').textContent()).toBe('Decide');
    expect(await page.locator('a[data-whole]').textContent()).toBe(page.url());
    expect(await page.locator('code', { hasText: 'policies/atendimento.yaml:' }).count()).toBe(1);
  });

  test('finds it again by the filters of the list, which are kept in its address', async () => {
    const id = await ask(house, { sql: SQL.star, person: 34 });
    const page = await browser.open(at('/decisions'));

    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByLabel('Rule').selectOption('no-star-over-messages');
    await page.getByRole('button', { name: 'Show' }).click();

    expect(new URL(page.url()).search).toContain('outcome=refused');
    await page.locator(`a[href="/decisions/${id}"]`).waitFor();
    expect(await page.locator('tbody .pill').allTextContents()).toEqual(
      expect.not.arrayContaining(['admitted']),
    );
  });
});

test('a search that has found nothing yet goes on by itself, and lets its filters be filled in meanwhile', async () => {
  const page = await browser.open(at('/decisions?team=none'));
  const searchedTo = `<a href="/decisions?team=none&after=1.0" rel="next" data-go-on="true">Older</a>`;
  const script = await page.locator('script[src]').getAttribute('src');
  await page.route('**/decisions?team=slow', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form><input></form><div id="found">${searchedTo}</div><script src="${script}" type="module"></script>`,
    }),
  );

  await page.goto(at('/decisions?team=slow'));
  await page.locator('input').fill('14');

  await page.waitForURL(/after=1\.0/);
  expect(await page.getByText('No decision matches.').count()).toBe(1);
  expect(await page.locator('input').inputValue()).toBe('14');
  await page.goBack();
  expect(page.url()).toMatch(/team=none$/);
});

test('a grant is requested, an operator signs in and gives it, the budget shows it, and the operator revokes it', async () => {
  const page = await browser.open(at('/grants'));
  await page.locator('select[name="budget"]').selectOption('atendimento-day');
  await page.getByLabel('Amount').fill('5 GiB');
  await page.getByLabel('For whom').fill('Bia');
  await page.getByLabel('Why').fill('month-end');
  await page.getByRole('button', { name: 'Ask' }).click();
  expect(await page.getByRole('status').textContent()).toContain('request was sent');

  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.locator('input[name="token"]').fill(OPERATOR);
  await page.locator('button').first().click();
  await page.waitForURL(/\/grants/);
  await page.getByRole('button', { name: 'Grant', exact: true }).click();

  expect(await page.getByRole('status').textContent()).toContain('granted');
  await page.goto(at('/budgets'));
  const card = page.locator('.card', { hasText: 'team atendimento' }).filter({ hasText: 'atendimento-day' });
  expect(await card.first().textContent()).toContain('5 GiB of it granted');
  await page.goto(at('/grants'));
  await page.getByRole('button', { name: 'Revoke' }).click();
  expect(await page.getByRole('status').textContent()).toContain('revoked');
});

describe('a visitor', () => {
  test('reads the console in the language of the browser, and can switch it', async () => {
    const page = await browser.open(at('/decisions'), { locale: 'pt-BR' });
    expect(await page.locator('h1').textContent()).toBe('Decisões');

    await page.getByRole('link', { name: 'English' }).click();

    expect(await page.locator('h1').textContent()).toBe('Decisions');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.goto(at('/health'));
    expect(await page.locator('h1').textContent()).toBe('Health');
  });

  test('can change the theme, which stays on the next page', async () => {
    const page = await browser.open(at('/'), { colorScheme: 'light' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await background();

    await page.locator('#themes').getByRole('link', { name: 'dark' }).click();
    await page.locator('html[data-theme="dark"]').waitFor();

    expect(await background()).not.toBe(light);
    await page.goto(at('/budgets'));
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  test('can get from the first page to a decision with the keyboard alone', async () => {
    await ask(house, { sql: SQL.tickets });
    const page = await browser.open(at('/'));

    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement?.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('href') ?? ''");
    for (let i = 0; i < 60 && !/^\/decisions\/[0-9a-f-]+$/.test(await focused()); i += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/decisions\/[0-9a-f-]+$/);
    expect(await page.locator('h1').textContent()).toMatch(/^This query was/);
  });

  test('can read a decision and change the theme without JavaScript', async () => {
    const id = await ask(house, { sql: SQL.week });
    const page = await browser.open(at('/'), { javaScriptEnabled: false });

    await page.locator(`#feed a[href="/decisions/${id}"]`).click();

    expect(await page.locator('h1').textContent()).toBe('This query was admitted.');
    await page.getByRole('link', { name: 'dark' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });
});
