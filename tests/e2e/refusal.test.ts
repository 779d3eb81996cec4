import { expect, test } from 'vitest';
import { ATENDIMENTO, FINOPS, post, useHouse } from './guardrail.ts';

const house = useHouse({ settings: { console_url: 'https://guardrail.example.com/' } });
const RUNAWAY = 'SELECT * FROM atendimento.messages';

/** The error that Google's client throws for a query. */
async function errorOf(
  query: string,
  principal = ATENDIMENTO,
): Promise<{ message: string; code: number; errors: { reason: string }[] }> {
  try {
    await house.client(principal).query(query);
  } catch (error) {
    return error as { message: string; code: number; errors: { reason: string }[] };
  }
  throw new Error('the query was not refused');
}

test('a runaway query is refused once, with a message naming bytes, cost, rule, budget left and renewal', async () => {
  const { totalBytesProcessed } = await house
    .sandbox()
    .warehouse.plan({ projectId: 'guardrail-demo', sql: RUNAWAY, parameters: [] });

  const error = await errorOf(RUNAWAY);

  const { decisions } = await house.ops('/api/v1/decisions');
  const [decision] = decisions;
  const message = error.message.replaceAll(/[\u00a0\u202f]/g, ' ');
  const mebibytes = Number(
    (totalBytesProcessed + 1_048_575n) / 1_048_576n > 10n
      ? (totalBytesProcessed + 1_048_575n) / 1_048_576n
      : 10n,
  );
  expect(error.code).toBe(403);
  expect(error.errors[0]?.reason).toBe('accessDenied');
  expect(message).toContain('a regra no-star-over-messages (');
  expect(message).toMatch(/atendimento\.yaml:\d+\)/);
  expect(message).toContain(`Esta consulta, que leria ${mebibytes} MiB e custaria US$ `);
  expect(message).toContain('WHERE created_at >=');
  expect(message).toContain('se precisar dela assim, fale com #dados-ajuda (Slack).');
  expect(message).toMatch(/atendimento-day: 20 GiB de 20 GiB; renova em .* 00:00 \(America\/Sao_Paulo\)/);
  expect(message).toMatch(/atendimento-month: R\$ 300,00 de R\$ 300,00; renova em 1 de /);
  expect(message).toContain(`Veja no console: https://guardrail.example.com/decisions/${decision.id}\n`);
  expect(message.indexOf(decision.id)).toBeLessThan(700);
  // The client tried once, and only the dry run reached the warehouse, which leaves no job.
  expect(decisions).toHaveLength(1);
  expect(decision).toMatchObject({
    outcome: 'refused',
    cause: 'no-star-over-messages',
    sql: RUNAWAY,
    settlement: null,
  });
  const [jobs] = await house.direct().getJobs({ allUsers: true });
  expect(jobs).toEqual([]);
});

test('a refusal carries its decision as JSON details, and the decision ID in a header', async () => {
  const response = await fetch(`${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${ATENDIMENTO}` },
    body: JSON.stringify({ query: RUNAWAY, useLegacySql: false }),
  });
  const { error } = (await response.json()) as {
    error: Record<string, unknown> & { details: Record<string, unknown>[] };
  };

  expect(error).toMatchObject({
    code: 403,
    status: 'PERMISSION_DENIED',
    errors: [{ domain: 'global', reason: 'accessDenied', location: 'query', message: error['message'] }],
  });
  expect(error.details[0]).toMatchObject({
    decisionId: response.headers.get('x-guardrail-decision-id'),
    page: `https://guardrail.example.com/decisions/${response.headers.get('x-guardrail-decision-id')}`,
    team: 'atendimento',
    refusedBy: 'rule',
    rules: [{ rule: 'no-star-over-messages', mode: 'deny', source: { line: expect.any(Number) } }],
    contacts: ['#dados-ajuda (Slack)'],
  });
  const record = await house.ops(`/api/v1/decisions/${response.headers.get('x-guardrail-decision-id')}`);
  expect(record).toMatchObject({ outcome: 'refused', sql: RUNAWAY });
});

test.each(['gl-go/1.23.4 gccl/1.66.2 gdcl/0.214.0', 'gl-python/3.12.1 gax/2.24.0 gccl/3.29.0'])(
  'a client that shows details to people gets only what leads to the rest of them: %s',
  async (client) => {
    const { headers, body } = await post(
      `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`,
      JSON.stringify({ query: RUNAWAY, useLegacySql: false }),
      { 'x-goog-api-client': client },
    );

    const decisionId = headers.get('x-guardrail-decision-id');
    expect(body.error.details).toEqual([
      {
        '@type': 'guardrail/decision',
        decisionId,
        page: `https://guardrail.example.com/decisions/${decisionId}`,
      },
    ]);
    expect(body.error.message).toContain('no-star-over-messages');
  },
);

test('a query changed as the refusal advises runs', async () => {
  const [rows] = await house
    .client()
    .query(
      'SELECT sender, body FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)',
    );

  expect(rows.length).toBeGreaterThan(0);
});

test('the rule does not apply to another team', async () => {
  const [rows] = await house.client(FINOPS).query('SELECT * FROM atendimento.messages LIMIT 3');

  expect(rows).toHaveLength(3);
});

function askAsFinops(query: string): Promise<Response> {
  return fetch(`${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${FINOPS}` },
    body: JSON.stringify({ query, useLegacySql: false }),
  });
}

test('a query of a legacy table runs, with a warning in a header, the records and the metrics', async () => {
  const response = await askAsFinops('SELECT gestora FROM finops.legacy_reconciliation_sheet LIMIT 1');

  const warnings = response.headers.get('x-guardrail-warnings');
  const record = await house.ops(`/api/v1/decisions/${response.headers.get('x-guardrail-decision-id')}`);
  expect(response.status).toBe(200);
  expect(warnings).not.toBeNull();
  expect(record.hits).toEqual([
    expect.objectContaining({
      rule: warnings,
      mode: 'warn',
      message: expect.stringContaining('reconciliation_daily'),
    }),
  ]);
  expect(await house.metric('guardrail_rule_hits_total', { rule: warnings ?? '', mode: 'warn' })).toBe(1);
});

test('what a rule in mode audit says of a query is in its record, and not in its answer', async () => {
  const response = await askAsFinops('SELECT COUNT(paid_at) AS n FROM finops.payments');

  const record = await house.ops(`/api/v1/decisions/${response.headers.get('x-guardrail-decision-id')}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-guardrail-warnings')).toBeNull();
  expect(record.hits).toMatchObject([{ rule: 'finops-partition-filter', mode: 'audit' }]);
});
