import { expect, test } from 'vitest';
import { windowAt } from '../../../src/budget/windows.ts';
import { budgetQuery } from '../../../src/console/budgets/budget-query.ts';
import { budgetsPage } from '../../../src/console/budgets/page.ts';
import type { Charts, Figures } from '../../../src/console/figures.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';
import { amountOfLimit, type Budget } from '../../../src/vocabulary/budget.ts';
import { budget, noon } from '../../budget/builders.ts';
import { charts, noCharts, pageContext } from '../builders.ts';

const context = pageContext('analyst', { url: '/budgets', nowMs: noon });

/** The page, and which budgets were read for it and since when hours were summed up. */
async function shown(
  all: readonly Budget[],
  query: Readonly<Record<string, string>> = {},
  drawn: Charts = charts,
) {
  const read: string[] = [];
  const summedFromMs: number[] = [];
  const standing = async (budgets: readonly Budget[]) =>
    budgets.flatMap((one) => {
      read.push(one.name);
      // Nobody has spent from those that are split.
      if (one.per !== null) return [];
      const window = windowAt(one.window, one.timeZone, noon);
      const amounts = { limit: amountOfLimit(one.limit), granted: 0n, used: 0n, reserved: 0n };
      return { budget: one, account: '', window, ...amounts };
    });
  const figures = {
    ...drawn,
    spendByHour: async (fromMs: number) => {
      summedFromMs.push(fromMs);
      return { value: [], atMs: noon };
    },
  };
  const page = await budgetsPage(
    {
      budgets: { standing },
      policy: () => ({ budgets: all }),
      rejectedPolicy: () => null,
    } as unknown as ConsoleSources,
    figures as unknown as Figures,
    context,
    budgetQuery.parse(query),
  );
  return { page, read, summedFromMs };
}

const many = Array.from({ length: 60 }, (_, i) =>
  budget({ name: `b${i}`, subject: { team: i < 30 ? 'dados' : 'finops', person: 'bia' } }),
);

test('a page of budgets reads and draws only those on it, and leads to the others', async () => {
  const first = await shown(many);
  const last = await shown(many, { page: '3' });

  expect(first.read).toEqual(many.slice(0, 24).map(({ name }) => name));
  expect(first.page).toContain('1 to 24 of 60 budgets');
  expect(first.page).toContain('<a href="/budgets?page=2" rel="next">');
  expect(last.read).toEqual(many.slice(48).map(({ name }) => name));
  expect(last.page).toContain('49 to 60 of 60 budgets');
  expect(last.page).not.toContain('rel="next"');
});

test('budgets are found by a part of their name or their team, on any page', async () => {
  const { read, page } = await shown(many, { named: 'FinOps', page: '2' });

  expect(read).toEqual(many.slice(54).map(({ name }) => name));
  expect(page).toContain('<a href="/budgets?named=FinOps&amp;page=1" rel="prev">');
  expect((await shown(many, { named: 'b59' })).read).toEqual(['b59']);
});

test('no budget is found by the person that it is for', async () => {
  const { read, page } = await shown(many, { named: 'bia' });

  expect(read).toEqual([]);
  expect(page).toContain('No budget matches.');
});

test('a page that does not exist is the last one, and one that makes no sense the first', async () => {
  expect((await shown(many, { page: '900' })).read).toContain('b59');
  expect((await shown(many, { page: '-1' })).read).toContain('b0');
});

test('a few budgets are shown without a search and without pages', async () => {
  const { page } = await shown(many.slice(0, 24));

  expect(page).not.toContain('<form');
  expect(page).not.toContain('class="paging"');
});

test('all pages of budgets share one sum of hours, since the earliest window begins', async () => {
  const budgets = [...many, budget({ name: 'month', window: 'month', timeZone: 'UTC' })];

  const first = await shown(budgets);
  const last = await shown(budgets, { page: '3' });

  expect(first.summedFromMs).toEqual([Date.parse('2026-11-01T00:00:00Z')]);
  expect(last.summedFromMs).toEqual(first.summedFromMs);
});

test('what a chart shows is said in whole sentences', async () => {
  const { page } = await shown([budget({ name: 'day', subject: {}, window: 'day', timeZone: 'UTC' })]);

  expect(page).toMatch(/aria-label="What is left of budget day over its window\. [^"]*[^.]\. The figures/);
});

test('a budget whose chart is not drawn yet is shown without it, and the page reloads itself', async () => {
  const daily = budget({ name: 'day', subject: {}, window: 'day', timeZone: 'UTC' });

  const without = await shown([daily], {}, noCharts);
  const drawn = await shown([daily]);

  expect(without.page).toContain('data-soon');
  expect(without.page).not.toContain('<figure>');
  expect(drawn.page).not.toContain('data-soon');
  expect(drawn.page).toContain('<figure>');
});

test('budgets that are split, and from which nobody has spent, are named', async () => {
  const { page } = await shown([budget({ name: 'each-person', per: 'person' }), budget({ name: 'whole' })]);

  expect(page).toContain('nobody has spent from them in this window: <bdi>each-person</bdi></p>');
  expect((await shown([budget({ name: 'whole' })])).page).not.toContain('nobody has spent');
});

test.each([
  ['rolling-1h', 'Counts the last hour'],
  ['rolling-24h', 'Counts the last 24 hours'],
] as const)('a budget over %s says what it counts', async (window, expected) => {
  const { page } = await shown([budget({ window })]);

  expect(page).toContain(expected);
});
