import { beforeAll, describe, expect, test } from 'vitest';
import { replayAsJson } from '../../../src/reports/replay/as-json.ts';
import { replayAsTable } from '../../../src/reports/replay/as-table.ts';
import { replayPage } from '../../../src/reports/replay/page.ts';
import type { ReplayReport } from '../../../src/reports/replay/report.ts';
import { day } from './month.ts';
import { replayed } from './replayed.ts';

describe('the report of a month replayed against a candidate policy', () => {
  let report: ReplayReport;
  beforeAll(async () => {
    report = await replayed();
  }, 60_000);

  test('can be printed as a table for a terminal', () => {
    const table = replayAsTable(report);

    expect(table).toMatch(/^newly refused +60 +1 +120 GiB, \$1\.20 billed then +60 +120 GiB, \$1\.20$/m);
    expect(table).toMatch(/^newly admitted +60 +1 +180 GiB, \$1\.80 estimated +30 +90 GiB, \$0\.90$/m);
    expect(table).toMatch(/^refused by a rule +60 +0 +0 +0 +0$/m);
    expect(table).toMatch(/^legacy-table +60 → 0 +0 → 30 +0 +0 +0$/m);
    expect(table).toContain('Only rules were replayed');
    expect(table).toContain('180 queries were judged by their SQL');
  });

  test('can be printed as JSON, with amounts as decimal strings', () => {
    const json = JSON.parse(replayAsJson(report));

    expect(json.changes['newly refused'].all).toEqual({
      queries: 60,
      bytes: '128849018880',
      cost: { USD: '1.200000' },
    });
    expect(json.rows.rule[0]).toMatchObject({
      name: 'no-star',
      changes: { 'newly refused': { queries: 60 } },
    });
  });

  test('can be printed as an HTML page, with names escaped', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const named = await replayed({ queries: [{ ...star, dashboard: '<script>alert(1)</script>' }] });

    expect(replayPage(report)).toContain('<b>$1.20</b>');
    expect(replayPage(named)).toContain('metabase:&lt;script&gt;');
    expect(replayPage(named)).not.toContain('<script');
  });
});
