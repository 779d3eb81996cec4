import { expect, test } from 'vitest';
import { appraiser } from '../../../src/commands/audit/appraise.ts';
import { WITHOUT_LEDGER } from '../../../src/commands/policy/explain/surroundings.ts';
import { givenEstimate } from '../../../src/rehearsal/given-estimate.ts';
import { rehearse } from '../../../src/rehearsal/rehearse.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { MIB } from '../../../src/vocabulary/bytes.ts';
import { policyOf } from '../../policy/builders.ts';
import { card } from '../../reports/audit/builders.ts';

const DEFAULTS = { projectId: 'p', defaultDataset: { datasetId: 'd' } };
const AT_MS = Date.UTC(2026, 10, 24, 12);
const PRINCIPAL = 'metabase@support.example';

const policy = policyOf({
  'a.yaml': `
teams: [{ name: support, principals: ["${PRINCIPAL}"] }]
rules:
  - { name: dear, mode: warn, when: query.cost > 0.001, message: Dear. }
  - { name: unread, mode: deny, when: "!query.read", message: Unread. }
  - { name: star, mode: audit, when: query.star }
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  editions: { projects: [p], per_slot_hour: { default: "0.06" } }
`,
});

test.each<[string, bigint?]>([
  ['SELECT a FROM t'],
  ['SELECT * FROM d.t'],
  ['SELECT a FROM t WHERE (('],
  ['#legacySQL\nSELECT a FROM t'],
  ["SET @@reservation = 'none'; SELECT a FROM t"],
  ["EXECUTE IMMEDIATE 'SELECT a FROM t'"],
  ['SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES', 0n],
])('a card is judged as guardrail would judge it: %s', async (sql, bytesProcessed = 50n * MIB) => {
  const estimate = {
    ...givenEstimate({ bytesProcessed }, readSql(sql, DEFAULTS)),
    principal: PRINCIPAL,
  };
  const dryRuns = new Map([[sql, { ok: true as const, estimate }]]);
  const appraise = appraiser(
    { dryRuns, definitions: new Map() },
    { policy, team: policy.teamOf(PRINCIPAL), principal: PRINCIPAL, defaults: DEFAULTS, atMs: AT_MS },
  );

  const { price } = appraise(sql, { card: card('7', sql), dashboard: null });

  const rehearsal = await rehearse(
    policy,
    {
      id: 'r',
      sql,
      defaults: DEFAULTS,
      atMs: AT_MS,
      estimate,
      hints: { tool: 'metabase', person: null, dashboard: null, card: '7' },
    },
    { ...WITHOUT_LEDGER, definitionOf: async () => null, routineOf: async () => null },
  );
  expect(price).toMatchObject({
    ok: true,
    cost: rehearsal.cost,
    estimate: { bytesBilled: rehearsal.estimate.bytesBilled },
    hits: rehearsal.verdict.hits,
  });
});
