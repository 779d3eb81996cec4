import { describe, expect, test } from 'vitest';
import { overviewPage } from '../../../src/console/overview/page.ts';
import type { Ranked } from '../../../src/reports/showback/month-report.ts';
import { charts, pageContext } from '../builders.ts';
import { context, NOW, overview } from './builders.ts';

describe('the most expensive', () => {
  const spent = { bytesBilled: 1n, costMicros: 1n };
  const ranked: Ranked = {
    name: '3',
    isAccount: false,
    detail: 'redash',
    team: null,
    sql: null,
    queries: 1,
    ...spent,
  };

  test('persons link to their decisions, by the name from a tool or by principal', async () => {
    const person = [
      { ...ranked, name: 'bia@example.com' },
      { ...ranked, name: 'etl@example.com', isAccount: true },
    ];

    const page = await overviewPage(overview(spent, { person }), charts, context);

    expect(page).toContain('href="/decisions?person=bia%40example.com"');
    expect(page).toContain('href="/decisions?principal=etl%40example.com"');
  });

  test('dashboards name tool and team, and link to their decisions, without those of the same name elsewhere', async () => {
    const dashboard = [{ ...ranked, team: 'finops' }];

    const page = await overviewPage(overview(spent, { dashboard }), charts, context);

    expect(page).toContain('href="/decisions?dashboard=3&amp;tool=redash&amp;team=finops"');
    expect(page).toContain('<small><bdi>redash · finops</bdi></small>');
  });
});

test('the SQL of the most expensive queries is shown to analysts only', async () => {
  const sql = 'SELECT body FROM atendimento.messages';
  const amounts = { queries: 1, bytesBilled: 1n, costMicros: 1n };
  const fingerprint = [{ name: 'f', isAccount: false, detail: null, team: null, sql, ...amounts }];
  const whole = overview(amounts, { fingerprint });
  const viewer = pageContext('viewer', { url: '/', nowMs: NOW });

  expect(await overviewPage(whole, charts, context)).toContain(`<code>${sql}</code>`);
  expect(await overviewPage(whole, charts, viewer)).not.toContain('atendimento.messages');
});
