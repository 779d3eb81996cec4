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
import { type Connections, literal, quoted } from './duckdb/connections.ts';
import { duckdbType } from './duckdb/field-types.ts';
import { MACROS } from './googlesql/macros.ts';
import { translate } from './googlesql/translate.ts';
import type { TableReference } from './warehouse.ts';

export interface FillGround {
  readonly catalog: Catalog;
  readonly runner: Connections;
  readonly planner: Connections;
}

/** Makes the tables in both databases, their rows in one, the views over them, and INFORMATION_SCHEMA. */
export async function fill(
  ground: FillGround,
  datasets: readonly DatasetDefinition[],
  scale: Scale,
  onProgress: (share: number) => void,
): Promise<void> {
  await both(
    ground,
    [...MACROS, ...DRAWING_MACROS].map((macro) => `CREATE MACRO ${macro}`),
  );
  await both(ground, jobsViewSql(ground.catalog.projectId));
  const steps = datasets.reduce((sum, { tables }) => sum + tables.length, 0);
  let done = 0;
  for (const dataset of datasets) {
    await both(ground, [`CREATE SCHEMA ${quoted(ground.catalog.projectId)}.${quoted(dataset.datasetId)}`]);
    for (const table of dataset.tables) {
      await fillTable(ground, dataset, table, scale);
      done += 1;
      onProgress(done / (steps + 1));
    }
    for (const view of dataset.views) await makeView(ground, dataset, view);
    await both(ground, informationSchemaSql(ground.catalog, dataset.datasetId));
  }
  onProgress(1);
}

async function fillTable(
  { catalog, runner, planner }: FillGround,
  { datasetId }: DatasetDefinition,
  table: TableDefinition,
  scale: Scale,
): Promise<void> {
  const reference = { projectId: catalog.projectId, datasetId, tableId: table.tableId };
  const name = duckdbName(reference);
  const columns = table.schema.map((field) => `${quoted(field.name)} ${duckdbType(field)}`).join(', ');
  await both({ runner, planner }, [`CREATE TABLE ${name} (${columns})`]);
  await runner.use(async (connection) => {
    // The rows' SQL names other tables by dataset alone, and the macros stand in the database that is there first.
    const path = `${quoted(catalog.projectId)}.${quoted(datasetId)},memory.main`;
    await connection.run(`SET search_path = ${literal(path)}`);
    await connection.run(`INSERT INTO ${name} BY NAME SELECT * FROM (${table.rows(scale)})`);
  });
  catalog.put({ ...table, reference, view: null, creationTimeMs: Date.parse(scale.firstDay) });
}

async function makeView(
  ground: FillGround,
  { datasetId }: DatasetDefinition,
  view: ViewDefinition,
): Promise<void> {
  const { catalog, planner } = ground;
  const reference: TableReference = { projectId: catalog.projectId, datasetId, tableId: view.tableId };
  const { duckdbSql, tables } = translate({ sql: view.query, projectId: catalog.projectId, parameters: [] });
  await both(ground, [`CREATE VIEW ${duckdbName(reference)} AS ${duckdbSql}`]);
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

async function both(
  ground: Pick<FillGround, 'runner' | 'planner'>,
  statements: readonly string[],
): Promise<void> {
  for (const sql of statements) {
    await ground.runner.execute(sql);
    await ground.planner.execute(sql);
  }
}
