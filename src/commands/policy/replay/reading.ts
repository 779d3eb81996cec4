import type { PastQuery } from '../../../reports/replay/outcomes.ts';
import { readSql } from '../../../sql/read-sql.ts';
import type { SqlReading, TableUse } from '../../../vocabulary/reading.ts';
import { type TableReference, tableName } from '../../../vocabulary/table.ts';

/** What a past query's SQL says, and whether it was read again or an earlier reading was used. */
export interface Rereading {
  readonly reading: SqlReading;
  readonly basis: 'sql' | 'record';
}

/**
 * Reads the SQL of a record again if it was kept unchanged: a newer build may see more in it. Its fingerprint stays the
 * same, and so does what only the request told: in legacy SQL or a session, the same words mean other tables.
 * Incomplete names are completed by what they turned out to mean, since the default dataset is not recorded.
 */
export function reread(past: PastQuery): Rereading {
  const { reading, projectId, sql } = past;
  const recorded = { reading, basis: 'record' } as const;
  if (!holdsSql(past)) return recorded;
  const withoutDefault = readSql(sql, { projectId, defaultDataset: null });
  const completed = readSql(sql, {
    projectId,
    defaultDataset: impliedDefaultDataset(withoutDefault, reading),
  });
  if (completed.reader === 'none' && reading.reader !== 'none') return recorded;
  return {
    reading: { ...completed, ...unreadThen(reading), fingerprint: reading.fingerprint },
    basis: 'sql',
  };
}

/**
 * Without its literals, SQL says something else: no limit, no `GROUP BY 1`, another end if a quote was left open. And
 * SQL longer than the maximum is recorded as a digest.
 */
function holdsSql({ sql, sqlRetention }: PastQuery): boolean {
  return sqlRetention === 'stored' && sql !== '' && !sql.startsWith('sha256:');
}

/** The dataset that completed short names: of the tables at that time, one that the SQL does not name in full. */
function impliedDefaultDataset(withoutDefault: SqlReading, then: SqlReading): TableReference | null {
  const isShort = ({ table }: TableUse) => table.datasetId === '';
  const inFull = new Set(
    withoutDefault.tables.filter((use) => !isShort(use)).map(({ table }) => tableName(table)),
  );
  const short = new Set(withoutDefault.tables.filter(isShort).map(({ table }) => table.tableId));
  const implied = then.tables.find(({ table }) => short.has(table.tableId) && !inFull.has(tableName(table)));
  return implied?.table ?? null;
}

/** It counted as unread although a parser had read it. */
function unreadThen({ reader, unreadReason, statement }: SqlReading): Partial<SqlReading> {
  return reader === 'none' && statement !== 'UNKNOWN' ? { reader, unreadReason } : {};
}
