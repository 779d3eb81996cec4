import { expect, test } from 'vitest';
import { guardrail } from './command-line.ts';
import { ATENDIMENTO, eventually, post, useHouse } from './guardrail.ts';

// Enough messages that a week of them is billed less than all.
const house = useHouse({ sandbox: { messages: 300_000 } });

/** Sends a query as Metabase does for one of its users. */
function ask(person: number, sql: string) {
  const query = `-- Metabase:: userID: ${person} queryType: native queryHash: 0a\n${sql}`;
  return post(
    `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`,
    JSON.stringify({ query, useLegacySql: false }),
    { authorization: `Bearer sandbox:${ATENDIMENTO}` },
  );
}

const STAR = 'SELECT * FROM atendimento.messages';

test('a refusal counts its estimate as saved; a rewrite, the estimate less the bytes it was billed', async () => {
  await ask(12, STAR);
  await ask(12, STAR);
  const { body: refusal } = await ask(13, STAR);
  const estimate = refusal.error.details[0].estimate;
  const taken = await ask(13, refusal.error.details[0].rewrites[0].sql);

  const saved = BigInt(estimate.bytesBilled) - BigInt(taken.body.totalBytesBilled);
  expect(saved).toBeGreaterThan(0n);
  await eventually(async () => {
    const report = await house.ops('/api/v1/savings');
    expect(report).toMatchObject({ by: ['team'], timeZone: 'America/Sao_Paulo', recordsFrom: null });
    const refused = { cause: 'refusal', needs: 1, attempts: 2, savedBytes: estimate.bytesBilled };
    const rewritten = { cause: 'rewrite', needs: 1, attempts: 1, savedBytes: saved.toString() };
    expect(report.savings).toMatchObject([
      { ...refused, keys: ['atendimento'], savedCostMicros: estimate.costMicros },
      { ...rewritten, keys: ['atendimento'] },
    ]);
  });
});

test('savings and spend are also told in the currency of the budgets', async () => {
  await ask(14, STAR);
  await ask(14, 'SELECT COUNT(*) FROM atendimento.tickets');

  for (const what of ['savings', 'spend']) {
    await eventually(async () => {
      const { stdout } = await guardrail([what, '--currency', 'BRL', '--ops', house.guardrail().opsUrl]);
      expect(stdout).toMatch(/total .*R\$\d/);
    });
  }
});

test('savings are summed over whole days of the requested time zone', async () => {
  const report = await house.ops('/api/v1/savings?by=day,team&from=2026-01-01&to=2026-01-02&time_zone=UTC');

  expect(report).toMatchObject({ from: '2026-01-01', to: '2026-01-02', timeZone: 'UTC', savings: [] });
});

test('without a requested time zone, savings and spend of the same days cover the same period', async () => {
  const days = 'from=2026-11-01&to=2026-11-02';

  const savings = await house.ops(`/api/v1/savings?${days}`);
  const spend = await house.ops(`/api/v1/spend?${days}`);

  expect(savings.timeZone).toBe('America/Sao_Paulo');
  expect(spend).toMatchObject({
    timeZone: savings.timeZone,
    from: '2026-11-01T03:00:00.000Z',
    to: '2026-11-02T03:00:00.000Z',
  });
});

test('guardrail spend counts days in the time zone of the budgets', async () => {
  const words = ['spend', '--by', 'day', '--from', '2026-11-01', '--to', '2026-11-02'];

  const { stdout } = await guardrail([...words, '--ops', house.guardrail().opsUrl]);

  expect(stdout).toContain('Spend by day, 2026-11-01 00:00 to 2026-11-02 00:00 (America/Sao_Paulo)\n');
});

test.for([
  ['by=person', /by/],
  ['by=day,day', /each once/],
  ['from=2026-01-02&to=2026-01-02', /before/],
  ['from=2026-01-01T00:00:00Z', /from/],
  ['time_zone=Mars', /time_zone/],
] as const)('savings with the query %s are answered 400 with what is wrong', async ([query, message]) => {
  const response = await fetch(`${house.guardrail().opsUrl}/api/v1/savings?${query}`);

  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toMatch(message);
});
