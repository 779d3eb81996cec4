import { expect, test } from 'vitest';
import { countDecision, countSettlement } from '../../src/metrics/count.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import type { Decision } from '../../src/vocabulary/decision.ts';
import { PRICING, policyOf, TEAMS } from '../policy/builders.ts';
import { decision, estimateOf, settlement } from '../records/builders.ts';

/** Ten of each person: after the first thousand, what grew with queries would grow a hundredfold, with persons tenfold. */
const QUERIES = 100_000;
const PERSONS = 10_000;

const policy = policyOf({
  'base.yaml':
    TEAMS +
    PRICING +
    `
catalog:
  tables:
    - { table: guardrail-demo.atendimento.messages, status: governed, owner: dados }
    - { table: "guardrail-demo.legado.*", status: legacy, owner: dados }
`,
});

async function seriesOf(metrics: Metrics): Promise<number> {
  const all = await metrics.registry.getMetricsAsJSON();
  return all.reduce((sum, { values }) => sum + values.length, 0);
}

/** The decision on a query in which everything that a caller can make up is new. */
function madeUp(n: number): Decision {
  const person = String(n % PERSONS);
  const principal = `nobody-${person}@made-up.example`;
  const made = decision({ id: `decision-${n}`, projectId: `project-${n}` });
  const table = { projectId: 'guardrail-demo', datasetId: 'legado', tableId: `made_up_${n}` };
  return {
    ...made,
    caller: {
      principal,
      team: policy.teamOf(principal).name,
      tool: 'metabase',
      person,
      dashboard: String(n),
      card: String(n),
    },
    sql: `SELECT ${n}`,
    reading: {
      ...made.reading,
      reader: n % 2 === 0 ? 'none' : 'polyglot',
      statement: `STATEMENT_${n}`,
      tables: [{ table, star: false, projected: [`column_${n}`], filtered: [], joined: [], grouped: [] }],
      functions: [`function_${n}`],
      fingerprint: n.toString(16).padStart(16, '0'),
    },
    estimate:
      n % 3 === 0
        ? null
        : {
            ...estimateOf([]),
            principal,
            statementType: `TYPE_${n}`,
            location: `place-${n}`,
            bytesBilled: BigInt(n) * 10_485_760n,
            referencedTables: [table],
          },
    outcome: n % 4 === 0 ? 'refused' : 'admitted',
    cause: `cause-${n}`,
  };
}

/** Counts one query as guardrail does: the decision and its settlement. */
function pass(n: number, metrics: Metrics): void {
  const one = madeUp(n);
  countDecision(one, policy.catalogEntry, metrics);
  countSettlement(
    settlement({
      decisionId: one.id,
      jobId: `job-${n}`,
      bytesBilled: BigInt(n) * 10_485_760n,
      durationMs: n,
      errorReason: `reason-${n}`,
      cacheHit: n % 5 === 0,
    }),
    one.caller.team,
    metrics,
  );
}

test('a hundred thousand made-up queries by ten thousand persons add no series after the first thousand', async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 1_000; n += 1) pass(n, metrics);
  const before = await seriesOf(metrics);

  for (let n = 1_000; n < QUERIES; n += 1) pass(n, metrics);

  expect(await seriesOf(metrics)).toBe(before);
  expect(before).toBeLessThan(500);
});
