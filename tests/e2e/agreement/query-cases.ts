import fc from 'fast-check';
import { ATENDIMENTO, FINOPS as DEMO_FINOPS, PROJECT } from '../guardrail.ts';
import { FINOPS, NOBODYS, SUPPORT, TRUSTED } from './policy.ts';

/** What is only in the request, so that it cannot be known from the SQL alone. */
export type OnlyRequested = 'legacy' | 'session' | 'reservation';

/** The default dataset. */
export const DATASET = 'd';

/** A query, who sends it, and how. */
export interface QueryCase {
  readonly principal: string;
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly project: string;
  readonly method: 'jobs.query' | 'jobs.insert';
  readonly sql: string;
  readonly only: OnlyRequested | null;
}

/** SQL of every kind; column `n` makes each a new query, since guardrail remembers the estimates of queries. */
const SQLS: readonly ((n: number) => string)[] = [
  (n) => `SELECT a AS n${n} FROM d.small`,
  (n) => `SELECT a AS n${n} FROM small`,
  (n) => `SELECT a AS n${n} FROM d.small LIMIT 7`,
  (n) => `SELECT *, 1 AS n${n} FROM d.days`,
  (n) => `SELECT *, 1 AS n${n} FROM d.days WHERE day >= '2026-11-01'`,
  (n) => `SELECT a AS n${n} FROM d.days WHERE day >= '2026-11-01'`,
  (n) => `SELECT a AS n${n} FROM d.wide`,
  (n) => `SELECT a AS n${n} FROM d.clustered WHERE a = 'x'`,
  (n) => `SELECT w.a AS n${n} FROM d.small AS w, d.days AS t`,
  (n) => `SELECT a AS n${n} FROM (SELECT a FROM small) WHERE a IN (SELECT a FROM d.days)`,
  (n) => `DECLARE n${n} INT64; SELECT a FROM d.small; SELECT a FROM d.days`,
  (n) => `SET @@reservation = 'none'; SELECT a AS n${n} FROM d.small`,
  (n) => `EXECUTE IMMEDIATE 'SELECT 1 AS n${n}'`,
  (n) => `SELECT a AS n${n} FROM d.small WHERE ((`,
  (n) => `MERGE d.small USING d.days ON small.a = days.a WHEN MATCHED THEN UPDATE SET n${n} = 1`,
  (n) => `INSERT INTO d.small (n${n}) SELECT a FROM d.days WHERE day = '2026-11-01'`,
  (n) => `#legacySQL\nSELECT a AS n${n} FROM d.small`,
  (n) => `CREATE MODEL d.m${n} OPTIONS (model_type = 'linear_reg') AS SELECT a FROM d.days`,
  (n) => `SELECT x.*, 1 AS n${n} FROM d.opened(1) AS x JOIN d.days AS t USING (a) WHERE t.day > '2026-11-01'`,
];

/** SQL of every kind over the sandbox's tables, which have rows. */
const SANDBOX_SQLS: readonly ((n: number) => string)[] = [
  (n) => `SELECT *, 1 AS n${n} FROM atendimento.messages`,
  (n) => `SELECT *, 1 AS n${n} FROM atendimento.messages WHERE created_at >= '2026-01-01'`,
  (n) => `SELECT sender AS n${n} FROM atendimento.messages ORDER BY 1 LIMIT 10`,
  (n) => `SELECT channel AS n${n} FROM atendimento.tickets WHERE created_at >= '2026-01-01'`,
  (n) => `SELECT body AS n${n} FROM atendimento.legacy_messages_export LIMIT 3`,
  (n) => `SELECT tickets AS n${n} FROM atendimento.daily_volume`,
  (n) => `SELECT amount AS n${n} FROM finops.payments LIMIT 3`,
  (n) => `SELECT p.amount AS n${n} FROM finops.payments AS p CROSS JOIN finops.fund_managers LIMIT 3`,
  (n) => `WITH t AS (SELECT channel FROM atendimento.tickets) SELECT COUNT(*) AS n${n} FROM t`,
  (n) => `DELETE FROM atendimento.surveys WHERE CAST(score AS STRING) = 'n${n}'`,
  (n) => `CREATE TABLE atendimento.n${n} AS SELECT channel FROM atendimento.tickets`,
  (n) => `SELECT nothing AS n${n} FROM atendimento.tickets`,
];

/** The parts that queries are composed of. */
interface Kinds {
  readonly principals: readonly string[];
  readonly projects: readonly string[];
  readonly sqls: readonly ((n: number) => string)[];
  readonly only: readonly (OnlyRequested | null)[];
}

/** A day of such queries, in order. */
function queriesOf({ principals, projects, sqls, only }: Kinds, length: number) {
  const queryCase = fc.record({
    principal: fc.constantFrom(...principals),
    person: fc.constantFrom('ana', 'rui', null),
    dashboard: fc.constantFrom('board', null, null),
    project: fc.constantFrom(...projects),
    method: fc.constantFrom('jobs.query' as const, 'jobs.query' as const, 'jobs.insert' as const),
    sql: fc.constantFrom(...sqls),
    only: fc.constantFrom(...only),
  });
  return fc
    .array(queryCase, { minLength: length, maxLength: length })
    .map((day): readonly QueryCase[] => day.map((one, index) => ({ ...one, sql: one.sql(index) })));
}

/** Queries of every kind, most of them fully described by their SQL. */
export const queriesOfEveryKind = queriesOf(
  {
    principals: [SUPPORT, SUPPORT, FINOPS, FINOPS, TRUSTED, TRUSTED, NOBODYS],
    projects: ['p', 'p', 'slots-1'],
    sqls: SQLS,
    only: [null, null, null, null, null, null, null, null, 'legacy', 'session', 'reservation'],
  },
  60,
);

/** Queries of the sandbox's principals over its data. */
export const queriesOfTheSandbox = queriesOf(
  {
    principals: [ATENDIMENTO, DEMO_FINOPS, 'eva@dados.guardrail-demo.example', 'somebody@elsewhere.example'],
    projects: [PROJECT],
    sqls: SANDBOX_SQLS,
    only: [null],
  },
  40,
);

/** The request as a client would send it. */
export function requestOf(queryCase: QueryCase): { readonly path: string; readonly body: string } {
  const labels = {
    ...(queryCase.person === null ? {} : { 'x-grafana-user': queryCase.person }),
    ...(queryCase.dashboard === null ? {} : { 'x-dashboard-uid': queryCase.dashboard }),
  };
  const query = {
    query: queryCase.sql,
    useLegacySql: queryCase.only === 'legacy',
    ...(queryCase.only === 'session'
      ? { connectionProperties: [{ key: 'session_id', value: 's' }] }
      : { defaultDataset: { datasetId: DATASET } }),
  };
  const reservation = queryCase.only === 'reservation' ? { reservation: 'none' } : {};
  const path = `/bigquery/v2/projects/${queryCase.project}`;
  return queryCase.method === 'jobs.query'
    ? { path: `${path}/queries`, body: JSON.stringify({ ...query, ...reservation, labels }) }
    : { path: `${path}/jobs`, body: JSON.stringify({ configuration: { query, ...reservation, labels } }) };
}
