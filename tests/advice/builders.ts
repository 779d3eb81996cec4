import type { Candidate, Subject } from '../../src/advice/candidate.ts';
import { applyEdits } from '../../src/advice/candidate.ts';
import { readSql } from '../../src/sql/read-sql.ts';
import { findRewriteSites } from '../../src/sql/rewrite-sites/sites.ts';
import type { Replacement } from '../../src/vocabulary/advice.ts';
import { tableName } from '../../src/vocabulary/table.ts';
import type { TableDefinition } from '../../src/vocabulary/table-definition.ts';

const defaults = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

/** The type of each column, by its name. */
type Columns = Readonly<Record<string, string>>;

function definition(
  tableId: string,
  columns: Columns,
  partition: Partial<Pick<TableDefinition, 'partitionColumn' | 'kind'>> = {},
): TableDefinition {
  return {
    table: { projectId: 'p', datasetId: 'd', tableId },
    kind: 'TABLE',
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    partitionColumn: null,
    clusterColumns: [],
    bytes: null,
    ...partition,
  };
}

const MESSAGE_COLUMNS = { id: 'INT64', body: 'STRING', tags: 'ARRAY<STRING>', created_at: 'TIMESTAMP' };

/**
 * `messages` (by TIMESTAMP), `payments` (by DATE), `shifts` (by DATETIME), `loads` (by ingestion time) and `ranges` (by
 * integers) are partitioned; `agents` is not; `view` is a view.
 */
const TABLES: readonly TableDefinition[] = [
  definition('messages', MESSAGE_COLUMNS, { partitionColumn: 'created_at' }),
  definition('payments', { id: 'INT64', note: 'STRING', paid_on: 'DATE' }, { partitionColumn: 'paid_on' }),
  definition('shifts', { agent: 'STRING', end: 'DATETIME' }, { partitionColumn: 'end' }),
  definition('loads', { row: 'STRING' }, { partitionColumn: '_PARTITIONTIME' }),
  definition('ranges', { id: 'INT64' }, { partitionColumn: 'id' }),
  definition('agents', { id: 'INT64', active: 'BOOL' }),
  definition('view', MESSAGE_COLUMNS, { kind: 'VIEW' }),
];

/** A query over these tables. */
export function subject(sql: string, replacements: Readonly<Record<string, Replacement>> = {}): Subject {
  return {
    sql,
    sites: findRewriteSites(sql, defaults),
    reading: readSql(sql, defaults),
    definitionOf: (table) => TABLES.find((one) => tableName(one.table) === tableName(table)) ?? null,
    replacementOf: (table) => replacements[tableName(table)] ?? null,
    nowMs: Date.UTC(2026, 10, 25, 18, 21),
  };
}

/** The SQL after the edits of a candidate; null if there is no candidate. */
export function after(sql: string, candidate: Candidate | null): string | null {
  return candidate === null ? null : applyEdits(sql, candidate.edits);
}
