import { type Catalog, duckdbName } from './catalog/catalog.ts';
import { columnsOf } from './catalog/columns-of.ts';
import { informationSchemaSql } from './catalog/information-schema.ts';
import { jobsViewSql } from './catalog/jobs-view.ts';
import {
  type DatasetDefinition,
  DRAWING_MACROS,
  type Scale,
  type TableDefinition,
  type ViewDefinition,
} from './dataset/definition.ts';
import { type Connections, quoteIdentifier, quoteLiteral } from './duckdb/connections.ts';
import { duckdbType } from './duckdb/field-types.ts';
import { MACROS } from './googlesql/macros.ts';
import { translate } from './googlesql/translate.ts';
import type { TableReference } from './warehouse.ts';

/** What filling needs and changes. */
export interface FillContext {
  readonly catalog: Catalog;
  readonly runner: Connections;
  readonly planner: Connections;
}

/** Creates the tables in both databases, their rows in one, the views over them, and INFORMATION_SCHEMA. */
export async function fillWarehouse(
  context: FillContext,
  datasets: readonly DatasetDefinition[],
  scale: Scale,
  onProgress: (share: number) => void,
): Promise<void> {
  await executeInBoth(
    context,
    [...MACROS, ...DRAWING_MACROS].map((macro) => `CREATE MACRO ${macro}`),
  );
  await executeInBoth(context, jobsViewSql(context.catalog.projectId));
  const steps = datasets.reduce((sum, { tables }) => sum + tables.length, 0);
  let done = 0;
  for (const dataset of datasets) {
    await executeInBoth(context, [
      `CREATE SCHEMA ${quoteIdentifier(context.catalog.projectId)}.${quoteIdentifier(dataset.datasetId)}`,
    ]);
    for (const table of dataset.tables) {
      await fillTable(context, dataset, table, scale);
      done += 1;
      onProgress(done / (steps + 1));
    }
    for (const view of dataset.views) await makeView(context, dataset, view);
    await executeInBoth(context, informationSchemaSql(context.catalog, dataset.datasetId));
  }
  onProgress(1);
}

async function fillTable(
  { catalog, runner, planner }: FillContext,
  { datasetId }: DatasetDefinition,
  table: TableDefinition,
  scale: Scale,
): Promise<void> {
  const reference = { projectId: catalog.projectId, datasetId, tableId: table.tableId };
  const name = duckdbName(reference);
  const columns = table.schema
    .map((field) => `${quoteIdentifier(field.name)} ${duckdbType(field)}`)
    .join(', ');
  await executeInBoth({ runner, planner }, [`CREATE TABLE ${name} (${columns})`]);
  await runner.use(async (connection) => {
    // The rows' SQL names other tables by dataset only, and the macros are in the default database.
    const path = `${quoteIdentifier(catalog.projectId)}.${quoteIdentifier(datasetId)},memory.main`;
    await connection.run(`SET search_path = ${quoteLiteral(path)}`);
    await connection.run(`INSERT INTO ${name} BY NAME SELECT * FROM (${table.rows(scale)})`);
  });
  catalog.put({ ...table, reference, view: null, creationTimeMs: Date.parse(scale.firstDay) });
}

async function makeView(
  context: FillContext,
  { datasetId }: DatasetDefinition,
  view: ViewDefinition,
): Promise<void> {
  const { catalog, planner } = context;
  const reference: TableReference = { projectId: catalog.projectId, datasetId, tableId: view.tableId };
  const { duckdbSql, tables } = translate({ sql: view.query, projectId: catalog.projectId, parameters: [] });
  await executeInBoth(context, [`CREATE VIEW ${duckdbName(reference)} AS ${duckdbSql}`]);
  const { tableId: _, query, ...described } = view;
  catalog.put({
    ...described,
    reference,
    schema: await columnsOf(planner, reference),
    partitionField: null,
    clustering: [],
    view: { query, tables },
    creationTimeMs: Date.now(),
  });
}

async function executeInBoth(
  context: Pick<FillContext, 'runner' | 'planner'>,
  statements: readonly string[],
): Promise<void> {
  for (const sql of statements) {
    await context.runner.execute(sql);
    await context.planner.execute(sql);
  }
}
