import { DISABLED_OPTIMIZERS } from './bytes/scans.ts';
import { bytesOf, measureTable, rowsOf, type TableBytes } from './bytes/table-bytes.ts';
import {
  type Catalog,
  type CatalogTable,
  createCatalog,
  duckdbName,
  keyOf,
  LOCATION,
} from './catalog/catalog.ts';
import { atendimento } from './dataset/atendimento.ts';
import { DAYS, type Scale } from './dataset/definition.ts';
import { finops } from './dataset/finops.ts';
import { type Connections, openConnections, quoteIdentifier, quoteLiteral } from './duckdb/connections.ts';
import { oneAtATime } from './duckdb/one-at-a-time.ts';
import { fillWarehouse } from './fill.ts';
import { type DuckdbPlan, planQuery } from './plan-query.ts';
import { fieldIndex } from './rows/field-index.ts';
import { resultSetOf } from './rows/result-set.ts';
import { runPlan } from './run-plan.ts';
import {
  BigQueryError,
  type QueryPlan,
  type TableDescription,
  type TableReference,
  type Warehouse,
} from './warehouse.ts';

const PROJECT_ID = 'guardrail-demo';
const DATASETS = [atendimento, finops];
const DEFAULT_MESSAGES = 3_000_000;
const MESSAGES_PER_TICKET = 6;
const TICKETS_PER_CONTRACT = 5;
const DAY_MS = 86_400_000;

export interface WarehouseOptions {
  /** The last day of data, `2026-11-01`; yesterday (UTC) by default. */
  readonly asOf?: string;
  /** Rows of `atendimento.messages`, 3,000,000 by default; the other tables grow with it. */
  readonly messages?: number;
  /** Called with the progress of making the data, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Makes the data, the same for the same options, and answers queries over it. */
export async function openWarehouse(options: WarehouseOptions = {}): Promise<Warehouse> {
  const catalog = createCatalog(PROJECT_ID, DATASETS.map(describeDataset));
  const runner = await openConnections(PROJECT_ID);
  const planner = await openConnections(PROJECT_ID);
  await fillWarehouse(
    { catalog, runner, planner },
    DATASETS,
    scaleOf(options),
    options.onProgress ?? (() => undefined),
  );
  await planner.execute(`SET GLOBAL disabled_optimizers = ${quoteLiteral(DISABLED_OPTIMIZERS.join(','))}`);
  return createWarehouse(catalog, runner, planner);
}

function createWarehouse(catalog: Catalog, runner: Connections, planner: Connections): Warehouse {
  const measurements = createMeasurements(runner);
  const execution = { catalog, runner, planner, inTurn: oneAtATime(), onRowsChanged: measurements.forget };

  return {
    location: LOCATION,
    plan: (request) => planQuery({ catalog, planner, tableBytes: measurements.of }, request),
    async run(plan, signal, jobs = []) {
      if (!isDuckdbPlan(plan)) throw new Error('a warehouse runs the plans that it made');
      return runPlan({ ...execution, jobs }, plan, signal);
    },
    listProjects: () => [PROJECT_ID],
    listDatasets: async (projectId) => (projectId === PROJECT_ID ? catalog.datasets : []),
    getDataset: async (projectId, datasetId) => catalog.dataset(projectId, datasetId),
    async listTables(projectId, datasetId) {
      catalog.dataset(projectId, datasetId);
      return Promise.all(catalog.tables(datasetId).map((table) => describe(table, measurements.of)));
    },
    getTable: async (reference) => describe(catalog.table(reference), measurements.of),
    listRows: (reference, request) => listRows({ catalog, runner, measurements }, reference, request),
    async close() {
      runner.close();
      planner.close();
    },
  };
}

async function listRows(
  {
    catalog,
    runner,
    measurements,
  }: {
    readonly catalog: Catalog;
    readonly runner: Connections;
    readonly measurements: ReturnType<typeof createMeasurements>;
  },
  reference: TableReference,
  { startIndex, maxResults, selectedFields, ...encoding }: Parameters<Warehouse['listRows']>[1],
): ReturnType<Warehouse['listRows']> {
  const table = catalog.table(reference);
  if (table.view !== null) {
    throw new BigQueryError(400, 'invalid', `Cannot list a table of type VIEW: ${keyOf(table.reference)}`);
  }
  const indexes = selectedFields?.map((name) => fieldIndex(table.schema, name));
  const fields = indexes === undefined ? table.schema : indexes.flatMap((index) => table.schema[index] ?? []);
  const columns = fields.map(({ name }) => quoteIdentifier(name)).join(', ');
  const rows = await runner.use(async (connection) =>
    resultSetOf(
      await connection.runAndReadAll(
        `SELECT ${columns} FROM ${duckdbName(table.reference)} LIMIT ${maxResults} OFFSET ${startIndex}`,
      ),
    ),
  );
  const totalRows = rowsOf(await measurements.of(table));
  return { totalRows, rows: rows.page(0, rows.totalRows, encoding) };
}

function isDuckdbPlan(plan: QueryPlan): plan is DuckdbPlan {
  return 'translation' in plan;
}

/** Sizes of tables, counted on first use and again after a change. */
function createMeasurements(runner: Connections) {
  const sizes = new Map<string, Promise<TableBytes>>();
  return {
    of(table: CatalogTable): Promise<TableBytes> {
      const key = keyOf(table.reference);
      const found =
        sizes.get(key) ?? measureTable(runner, { ...table, duckdbName: duckdbName(table.reference) });
      sizes.set(key, found);
      return found;
    },
    forget: (table: CatalogTable['reference']): void => void sizes.delete(keyOf(table)),
  };
}

async function describe(
  table: CatalogTable,
  tableBytes: (table: CatalogTable) => Promise<TableBytes>,
): Promise<TableDescription> {
  const { partitionField, view, ...described } = table;
  const size = view === null ? await tableBytes(table) : { partitions: new Map() };
  return {
    ...described,
    type: view === null ? 'TABLE' : 'VIEW',
    numRows: rowsOf(size),
    numBytes: bytesOf(size),
    timePartitioning: partitionField === null ? null : { type: 'DAY', field: partitionField },
    viewQuery: view?.query ?? null,
  };
}

function describeDataset({ datasetId, description, labels }: (typeof DATASETS)[number]) {
  return {
    projectId: PROJECT_ID,
    datasetId,
    description,
    labels,
    creationTimeMs: Date.parse('2026-01-01T00:00:00Z'),
  };
}

function scaleOf({ asOf, messages = DEFAULT_MESSAGES }: WarehouseOptions): Scale {
  const lastDay = asOf ?? isoDate(Date.now() - DAY_MS);
  const tickets = Math.ceil(messages / MESSAGES_PER_TICKET);
  return {
    lastDay,
    firstDay: isoDate(Date.parse(lastDay) - (DAYS - 1) * DAY_MS),
    messages,
    tickets,
    contracts: Math.ceil(tickets / TICKETS_PER_CONTRACT),
  };
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
