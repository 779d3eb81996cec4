import { expect, test } from 'vitest';
import type { Figures } from '../../../src/console/figures.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';
import { tablesPage } from '../../../src/console/tables/page.ts';
import type { Evidence, RecordedUse } from '../../../src/reports/sunset/report.ts';
import { sunsetReport } from '../../../src/reports/sunset/sunset.ts';
import { createTally } from '../../../src/reports/sunset/tally.ts';
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

/** The page of one legacy table, which nobody is known to use unless given. */
function pageWith(
  evidence: Partial<Evidence>,
  used: readonly RecordedUse[] = [],
  visitor = context,
): Promise<string> {
  const table = 'p.d.old';
  const basis = { table, entry: null, nowMs: NOW, timeZone: 'UTC', days: 30 };
  const { add, uses } = createTally({ nowMs: NOW, days: 30, weeks: 2 });
  for (const use of used) add(use);
  const report = sunsetReport({ ...basis, evidence: { ...proven, ...evidence } }, uses());
  const entry = { table, status: 'legacy', owner: null, replacement: null };
  return tablesPage(
    { policy: () => ({ catalogEntries: [entry] }), rejectedPolicy: () => null } as unknown as ConsoleSources,
    { sunset: async () => ({ value: [report], atMs: NOW }) } as unknown as Figures,
    visitor,
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

test('each reader links to its queries of the table; persons and accounts only for those who see them', async () => {
  const use: RecordedUse = {
    ...{ atMs: NOW - DAY_MS, kind: 'read', team: 'atendimento', principal: 'ana@example.com' },
    ...{ person: 'metabase:12', dashboard: 'metabase:5', card: null },
  };
  const links = async (role: 'viewer' | 'analyst') => {
    const page = await pageWith({}, [use], pageContext(role, { url: '/tables', nowMs: NOW }));
    return [...page.matchAll(/<td>\w+ <a href="([^"]*)"/g)].map(([, href]) => href);
  };

  expect(await links('analyst')).toEqual([
    '/decisions?table=p.d.old&amp;team=atendimento',
    '/decisions?table=p.d.old&amp;tool=metabase&amp;dashboard=5',
    '/decisions?table=p.d.old&amp;tool=metabase&amp;person=12',
    '/decisions?table=p.d.old&amp;principal=ana%40example.com',
  ]);
  expect(await links('viewer')).toEqual([
    '/decisions?table=p.d.old&amp;team=atendimento',
    '/decisions?table=p.d.old&amp;tool=metabase&amp;dashboard=5',
  ]);
});
