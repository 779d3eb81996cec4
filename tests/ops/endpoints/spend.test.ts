import { expect, test } from 'vitest';
import { requireRole } from '../../../src/ops/access/identify.ts';
import { spend } from '../../../src/ops/endpoints/spend.ts';
import type { OpsSources } from '../../../src/ops/sources.ts';
import { accessWith, BIA, serve } from '../access/builders.ts';

/** What `/spend` answers where budgets' days begin in São Paulo, three hours after those of UTC, and nothing was spent. */
async function asked(query: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  // All that the endpoint asks of its sources.
  const sources = {
    records: { spendBy: async () => [] },
    budgetsTimeZone: () => 'America/Sao_Paulo',
  } as unknown as OpsSources;
  const url = await serve(accessWith(), (app) => {
    app.get('/spend', requireRole('viewer'), spend.handler(sources));
  });
  const response = await fetch(`${url}/spend?${query}`, { headers: { authorization: `Bearer ${BIA}` } });
  return { status: response.status, answer: await response.json() };
}

test.each(['from=2026-11-02&to=2026-11-02T02:00:00Z', 'from=2026-11-02&to=2026-11-02T03:00:00Z'])(
  'a span that ends before its first day begins in the budgets’ zone is refused: %s',
  async (span) => {
    expect(await asked(span)).toEqual({ status: 400, answer: { error: 'from is before to' } });
  },
);

test('a span that ends before it begins in UTC alone is answered', async () => {
  expect(await asked('from=2026-11-01T01:00:00Z&to=2026-11-01')).toMatchObject({
    status: 200,
    answer: { from: '2026-11-01T01:00:00.000Z', to: '2026-11-01T03:00:00.000Z' },
  });
});

test('the zone that is asked for counts, whatever that of the budgets is', async () => {
  const { status } = await asked('from=2026-11-02&to=2026-11-02T02:00:00Z&time_zone=UTC');

  expect(status).toBe(200);
});
