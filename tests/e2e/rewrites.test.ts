import { afterEach, describe, expect, test } from 'vitest';
import { ATENDIMENTO, eventually, FINOPS, post, useHouse } from './guardrail.ts';

interface OfferedRewrite {
  readonly changes: readonly { readonly kind: string; readonly shows: string }[];
  readonly sql: string;
  readonly result: string;
  readonly bytesBilled: string;
  readonly savedBytes: string;
  readonly passes: boolean;
}

const RECENT = 'created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)';

const POLICIES = {
  'base.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: [${ATENDIMENTO}] }
  - { name: finops, language: pt-BR, principals: [${FINOPS}] }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
catalog:
  tables:
    - { table: guardrail-demo.atendimento.messages, partition_column: created_at }
    - table: guardrail-demo.atendimento.tickets_2024_backup
      status: legacy
      replacement: guardrail-demo.atendimento.agents
    - table: guardrail-demo.atendimento.legacy_messages_export
      status: legacy
      replacement: guardrail-demo.atendimento.tickets
`,
  'rules.yaml': `version: 1
budgets:
  - { name: finops-day, team: finops, window: day, limit: 15 MiB }
rules:
  - name: no-star
    mode: deny
    teams: [atendimento]
    when: query.star && query.reads("atendimento.messages") && query.tables.exists(t, !t.partition_filter)
    message: Name the columns, or filter a period.
  - name: no-legacy
    mode: deny
    teams: [atendimento]
    when: query.tables.exists(t, t.status == "legacy")
    message: A legacy table is read.
`,
};

const house = useHouse({
  policies: POLICIES,
  sandbox: { messages: 200_000 },
  gated: true,
  settings: { rewrite_wait: 0.3 },
});

async function refusalOf(
  query: string,
  { principal = ATENDIMENTO, ...request }: Record<string, unknown> = {},
) {
  const url = `${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`;
  const answer = await post(url, JSON.stringify({ query, useLegacySql: false, ...request }), {
    authorization: `Bearer sandbox:${String(principal)}`,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(403);
  const [{ decisionId, rewrites }] = answer.body.error.details;
  return {
    message: String(answer.body.error.message).replaceAll(/[\u00a0\u202f]/g, ' '),
    decisionId: String(decisionId),
    rewrites: rewrites as readonly OfferedRewrite[],
  };
}

/** Waits for all rewrites of a decision, including those that came too late for the answer. */
async function rewritesOf(decisionId: string, count: number) {
  let rewrites: readonly (OfferedRewrite & { readonly fingerprint: string })[] = [];
  await eventually(async () => {
    ({ rewrites } = await house.ops(`/api/v1/decisions/${decisionId}`));
    expect(rewrites).toHaveLength(count);
  });
  return rewrites;
}

afterEach(() => house.gate().open());

describe('a refused query', () => {
  const sql = '/* all of them */ SELECT * FROM atendimento.messages -- ever sent\nLIMIT 20';

  test('is answered with rewrites that keep the rest of its text, run, and are billed no more than estimated', async () => {
    const { decisionId } = await refusalOf(sql);
    const rewrites = await rewritesOf(decisionId, 2);

    expect(rewrites.map((each) => each.sql)).toEqual([
      `/* all of them */ SELECT * FROM atendimento.messages WHERE ${RECENT} -- ever sent\nLIMIT 20`,
      '/* all of them */ SELECT message_id, ticket_id, created_at FROM atendimento.messages -- ever sent\nLIMIT 20',
    ]);
    for (const rewrite of rewrites) {
      expect(rewrite).toMatchObject({ result: 'changed', passes: true });
      const [rows] = await house.client().query(rewrite.sql);
      expect(rows).toHaveLength(20);
      // The settlement is written while the answer goes out.
      await eventually(async () => {
        const { decisions } = await house.ops('/api/v1/decisions?limit=1');
        const [{ outcome, settlement }] = decisions;
        expect(outcome).toBe('admitted');
        expect(BigInt(settlement?.bytesBilled ?? 0)).toBeGreaterThan(0n);
        expect(BigInt(settlement.bytesBilled)).toBeLessThanOrEqual(BigInt(rewrite.bytesBilled));
      });
    }
  });

  test('is answered with the best rewrite in one line of the message, and with all in the details', async () => {
    await rewritesOf((await refusalOf(sql)).decisionId, 2);
    // The dry runs are remembered by now, so that all rewrites are ready in time.
    const { message, rewrites } = await refusalOf(sql);

    expect(rewrites).toHaveLength(2);
    expect(message).toMatch(
      /\nSuggestion \(the result changes\): with the filter created_at >= .*, it would scan 10 MiB instead of \d\d MiB, cost \$0\.\d+ less, and be allowed\.\nDecision ID: /,
    );
  });

  test('is not delayed by slow dry runs of its rewrites, which are kept with the decision later', async () => {
    house.gate().holdDryRuns(/INTERVAL 7 DAY|message_id, ticket_id/);
    const slow = 'SELECT * FROM atendimento.messages ORDER BY created_at LIMIT 5';

    const { decisionId, rewrites, message } = await refusalOf(slow);

    expect(rewrites).toEqual([]);
    expect(message).not.toContain('Suggestion');
    expect((await house.ops(`/api/v1/decisions/${decisionId}`)).rewrites).toEqual([]);
    house.gate().open();
    const [first] = await rewritesOf(decisionId, 2);
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is offered a rewrite with the same result where an outer query names the columns, even if it saves nothing', async () => {
    const { decisionId } = await refusalOf('SELECT sender FROM (SELECT * FROM atendimento.messages) LIMIT 3');
    const rewrites = await rewritesOf(decisionId, 1);

    expect(rewrites[0]).toMatchObject({
      sql: 'SELECT sender FROM (SELECT sender FROM atendimento.messages) LIMIT 3',
      result: 'same',
      savedBytes: '0',
      passes: true,
    });
  });

  test('is offered no rewrite that the warehouse rejects or that costs more', async () => {
    // The replacement of the first table lacks the column; that of the second is larger.
    const broken = await refusalOf('SELECT status FROM atendimento.tickets_2024_backup');
    const larger = await refusalOf('SELECT ticket_id FROM atendimento.legacy_messages_export');

    await expect(house.direct().query('SELECT status FROM atendimento.agents')).rejects.toThrow();
    for (const { decisionId, rewrites } of [broken, larger]) {
      expect(rewrites).toEqual([]);
      expect((await house.ops(`/api/v1/decisions/${decisionId}`)).rewrites).toEqual([]);
    }
  });

  test('has its rewrites priced as the same job, with its query parameters', async () => {
    const { decisionId } = await refusalOf('SELECT * FROM atendimento.messages WHERE sender = ? LIMIT 2', {
      parameterMode: 'POSITIONAL',
      queryParameters: [{ parameterType: { type: 'STRING' }, parameterValue: { value: 'bot' } }],
    });
    const [first] = await rewritesOf(decisionId, 2);

    expect(first?.sql).toBe(`SELECT * FROM atendimento.messages WHERE ${RECENT} AND sender = ? LIMIT 2`);
  });
});

describe('a query refused by a budget', () => {
  const sql = 'SELECT * FROM atendimento.messages LIMIT 2';

  test('is offered rewrites that fit its budgets, and the message says that they would pass', async () => {
    const { decisionId } = await refusalOf(sql, { principal: FINOPS });
    const rewrites = await rewritesOf(decisionId, 2);
    const { message } = await refusalOf(sql, { principal: FINOPS });

    expect(rewrites.every(({ passes }) => passes)).toBe(true);
    expect(message).toMatch(/\nSugestão \(o resultado muda\): com o filtro .* e seria liberada\.\n/);
  });

  test('is offered rewrites marked as not passing when the budget has too little left for them', async () => {
    await house.client(FINOPS).query('SELECT COUNT(*) FROM atendimento.messages WHERE sender = "bot"');

    const { decisionId } = await refusalOf(`${sql} -- again`, { principal: FINOPS });
    const rewrites = await rewritesOf(decisionId, 3);

    expect(rewrites.map(({ passes }) => passes)).toEqual([false, false, false]);
  });
});
