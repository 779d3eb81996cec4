import { describe, expect, test } from 'vitest';
import { folderOf } from '../policy/builders.ts';
import { guardrail } from './command-line.ts';
import { ATENDIMENTO, useHouse } from './guardrail.ts';

const POLICY = `version: 1
time_zone: UTC
teams:
  - { name: support, principals: ["metabase-atendimento@*"] }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
rules:
  - name: whole-table
    mode: deny
    when: query.tables.exists(t, t.partitioned_by != "" && !t.partition_filter)
    message: Say which days.
  - { name: known-query, mode: audit, when: history.runs > 0 }
budgets:
  - { name: support-day, team: support, window: day, limit: 1 GiB }
`;

const WHOLE = 'SELECT sender FROM atendimento.messages';
const ONE_DAY =
  'SELECT sender FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)';

const house = useHouse({ policies: { 'a.yaml': POLICY }, sandbox: { messages: 5_000 } });

function explain(sql: string, ...more: readonly string[]) {
  return guardrail(
    ['policy', 'explain', sql, '--policies', house.policies(), '--endpoint', house.sandbox().url, ...more],
    { GUARDRAIL_TOKEN: `sandbox:${ATENDIMENTO}` },
  );
}

describe('policy explain', () => {
  test('judges with the table facts that the warehouse returns', async () => {
    const [whole, oneDay] = await Promise.all([explain(WHOLE), explain(ONE_DAY)]);

    expect(whole).toMatchObject({ code: 1, stderr: '' });
    expect(whole.stdout).toContain('t.partitioned_by "created_at"');
    expect(whole.stdout).toContain('would be refused by whole-table');
    expect(oneDay).toMatchObject({ code: 0, stderr: '' });
  });

  test('shows a column that is only tested by a condition apart from one that filters', async () => {
    const { stdout } = await explain(
      `${WHOLE} WHERE created_at IS NOT NULL AND channel = "chat"`,
      '--bytes',
      '1 B',
    );

    expect(stdout).toContain('messages; selects sender; filters channel; tests created_at\n');
  });

  test('says why a query costs nothing that was answered before', async () => {
    const agents = 'SELECT COUNT(name) AS agents FROM atendimento.agents';
    const before = await explain(agents);
    await house.direct(ATENDIMENTO).query(agents);

    const after = await explain(agents);

    expect(before.stdout).not.toContain('holds the answer');
    expect(after.stdout).toContain("0 B processed, 0 B billed, $0.00: BigQuery's cache holds the answer\n");
  });

  test('judges with earlier runs and budget balances from the ledger, given --ledger', async () => {
    await house.client().query(ONE_DAY);

    const without = await explain(ONE_DAY);
    const withLedger = await explain(ONE_DAY, '--ledger', house.ledger(), '--format', 'json');

    expect(without.stdout).toMatch(/· does not +known-query/);
    expect(withLedger.code).toBe(0);
    expect(JSON.parse(withLedger.stdout)).toMatchObject({
      as: { principal: ATENDIMENTO, team: 'support' },
      decision: 'allow',
      refusedBy: [],
      facts: { history: { known: true, runs: '1' } },
      rules: [
        { rule: 'whole-table', outcome: 'missed' },
        { rule: 'known-query', outcome: 'held' },
      ],
      budgets: { fromLedger: true, balances: [{ budget: 'support-day', used: '10485760' }] },
    });
  });

  test('exits 2 if it cannot judge: bad SQL, a bad policy, no warehouse', async () => {
    const broken = await folderOf({ 'a.yaml': 'version: 1\nrules: [{ nam: x }]' });

    const [sql, policy, warehouse] = await Promise.all([
      explain('SELECT nothing FROM atendimento.messages'),
      explain(WHOLE, '--policies', broken),
      explain(WHOLE, '--endpoint', 'http://127.0.0.1:9'),
    ]);

    expect(sql).toMatchObject({ code: 2, stderr: expect.stringContaining('rejects the query') });
    expect(policy).toMatchObject({ code: 2, stderr: expect.stringContaining('a.yaml') });
    expect(warehouse).toMatchObject({ code: 2, stderr: expect.stringContaining('--endpoint') });
  });
});
