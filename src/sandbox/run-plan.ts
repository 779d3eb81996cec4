import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog } from './catalog/catalog.ts';
import { columnsOf } from './catalog/columns-of.ts';
import { informationSchemaSql } from './catalog/information-schema.ts';
import { isJobsView } from './catalog/jobs-view.ts';
import type { Connections } from './duckdb/connections.ts';
import { runInterruptibly } from './duckdb/interruptible.ts';
import type { InTurn } from './duckdb/one-at-a-time.ts';
import { translate } from './googlesql/translate.ts';
import type { DuckdbPlan } from './plan-query.ts';
import { emptyResultSet, resultSetOf } from './rows/result-set.ts';
import type { JobRecord, ResultSet, TableReference } from './warehouse.ts';
import { withJobs } from './with-jobs.ts';

/** What running needs and changes. */
export interface ExecutionContext {
  readonly catalog: Catalog;
  /** The DuckDB with the data. */
  readonly runner: Connections;
  /** The DuckDB that plans: it must know about tables that are created and dropped. */
  readonly planner: Connections;
  /** Read if the plan reads INFORMATION_SCHEMA.JOBS. */
  readonly jobs: Iterable<JobRecord>;
  /** For statements that write. */
  readonly inTurn: InTurn;
  /** Called when a table's rows have changed. */
  readonly onRowsChanged: (table: TableReference) => void;
}

/** Runs a plan. Aborting the signal interrupts DuckDB. */
export async function runPlan(
  context: ExecutionContext,
  plan: DuckdbPlan,
  signal: AbortSignal,
): Promise<ResultSet> {
  if (plan.statementType === 'SELECT') return runSelect(context, plan, signal);
  return context.inTurn(() => runWrite(context, plan, signal));
}

async function runWrite(
  context: ExecutionContext,
  plan: DuckdbPlan,
  signal: AbortSignal,
): Promise<ResultSet> {
  if (/^(?:CREATE|DROP)_/.test(plan.statementType)) return runDdl(context, plan, signal);
  const changed = await execute(context, plan, signal);
  if (plan.translation.target !== null) context.onRowsChanged(plan.translation.target);
  return emptyResultSet(BigInt(changed));
}

async function runSelect(
  context: ExecutionContext,
  plan: DuckdbPlan,
  signal: AbortSignal,
): Promise<ResultSet> {
  return runOnConnection(context, plan, signal, async (connection) =>
    resultSetOf(await connection.runAndReadAll(plan.translation.duckdbSql)),
  );
}

async function execute(context: ExecutionContext, plan: DuckdbPlan, signal: AbortSignal): Promise<number> {
  return runOnConnection(
    context,
    plan,
    signal,
    async (connection) => (await connection.run(plan.translation.duckdbSql)).rowsChanged,
  );
}

async function runOnConnection<T>(
  { catalog, runner, jobs }: ExecutionContext,
  { referencedTables }: DuckdbPlan,
  signal: AbortSignal,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return runner.use((connection) =>
    runInterruptibly(connection, signal, () =>
      referencedTables.some(isJobsView)
        ? withJobs(connection, { projectId: catalog.projectId, jobs, signal }, () => work(connection))
        : work(connection),
    ),
  );
}

/** DDL: in both databases, in the catalog, and in INFORMATION_SCHEMA. */
async function runDdl(context: ExecutionContext, plan: DuckdbPlan, signal: AbortSignal): Promise<ResultSet> {
  const { duckdbSql, target } = plan.translation;
  await execute(context, plan, signal);
  await context.planner.execute(duckdbSql);
  if (target !== null) await updateCatalog(context, plan, target);
  return emptyResultSet(null);
}

async function updateCatalog(
  context: ExecutionContext,
  plan: DuckdbPlan,
  target: TableReference,
): Promise<void> {
  const { catalog } = context;
  if (plan.statementType.startsWith('DROP_')) catalog.remove(target);
  else {
    catalog.put({
      reference: target,
      description: '',
      labels: {},
      schema: await columnsOf(context.planner, target),
      partitionField: null,
      clustering: [],
      view: plan.statementType === 'CREATE_VIEW' ? viewOf(plan) : null,
      creationTimeMs: Date.now(),
    });
  }
  context.onRowsChanged(target);
  for (const sql of informationSchemaSql(catalog, target.datasetId)) await context.runner.execute(sql);
}

/** The view's query as written, after `CREATE VIEW … AS`. */
function viewOf({ request }: DuckdbPlan) {
  const query = request.sql.replace(/^[\s\S]*?\bAS\b\s*/i, '');
  return { query, tables: translate({ ...request, sql: query }).tables };
}
