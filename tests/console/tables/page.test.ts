import { expect, test } from 'vitest';
import type { Figures } from '../../../src/console/figures.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';
import { tablesPage } from '../../../src/console/tables/page.ts';
import type { Evidence } from '../../../src/sunset/report.ts';
import { sunsetReport } from '../../../src/sunset/sunset.ts';
import { createTally } from '../../../src/sunset/tally.ts';
import { pageContext } from '../builders.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAY_MS = 86_400_000;
const context = pageContext('viewer', { url: '/tables', nowMs: NOW });

const proven: Evidence = {
  recordsSinceMs: NOW - 90 * DAY_MS,
  lastRecordMs: NOW,
  reconciledUntilMs: NOW,
  notEntered: 0,
  unreadable: 0,
};

/** The page of one legacy table that nobody is known to use. */
function pageWith(evidence: Partial<Evidence>): Promise<string> {
  const table = 'p.d.old';
  const basis = { table, entry: null, nowMs: NOW, days: 30 };
  const { uses } = createTally({ nowMs: NOW, days: 30, weeks: 2 });
  const report = sunsetReport({ ...basis, evidence: { ...proven, ...evidence } }, uses());
  const entry = { table, status: 'legacy', owner: null, replacement: null };
  return tablesPage(
    { policy: () => ({ catalogEntries: [entry] }) } as unknown as ConsoleSources,
    { sunset: async () => ({ value: [report], atMs: NOW }) } as unknown as Figures,
    context,
  );
}

test('a table that nobody has used, with everything proven, can retire', async () => {
  expect(await pageWith({})).toContain('Nobody used it in the last 30 days');
});

test.each<[Partial<Evidence>, string]>([
  [{ recordsSinceMs: null }, 'There are no records yet.'],
  [{ recordsSinceMs: NOW - DAY_MS }, 'Records begin Nov 23, 2026'],
  [{ lastRecordMs: NOW - 40 * DAY_MS }, 'No query has come to guardrail since Oct 15, 2026'],
  [{ lastRecordMs: NOW + DAY_MS }, 'a clock is wrong'],
  [{ reconciledUntilMs: null }, 'were not looked for: run guardrail reconcile.'],
  [{ reconciledUntilMs: NOW - 9 * DAY_MS }, 'were looked for only up to Nov 15, 2026'],
  [{ notEntered: 3 }, 'not in the books yet: 3. Run guardrail reconcile --write-corrections.'],
  [{ unreadable: 4 }, 'do not say what they read: 4.'],
])('a table that is not proven unused says what is missing: %o', async (evidence, reason) => {
  const page = await pageWith(evidence);

  expect(page).toContain('not proven');
  expect(page).toContain(reason);
});
