import type { PastQuery } from '../../replay/fates.ts';
import { readSql } from '../../sql/read.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';

/** What a past query's SQL says, and whether it was read anew or an earlier reading had to do. */
export interface ReadAgain {
  readonly reading: SqlReading;
  readonly basis: 'sql' | 'record';
}

/**
 * Reads the SQL of a record anew, where it is kept: a newer build may see more in it. Its fingerprint stays what it was.
 * Names that it left short are completed by what they were found to mean, since the default dataset is not recorded.
 */
export function readAgain({ sql, sqlRetention, projectId, reading }: PastQuery): ReadAgain {
  const before = { reading, basis: 'record' } as const;
  if (sql === '' || sqlRetention === 'hashed' || sqlRetention === 'dropped') return before;
  const { tables } = readSql(sql, { projectId, defaultDataset: null });
  const short = tables.find(({ table }) => table.datasetId === '')?.table;
  const meant = reading.tables.find(({ table }) => table.tableId === short?.tableId)?.table ?? null;
  const again = readSql(sql, { projectId, defaultDataset: meant });
  if (again.reader === 'none' && reading.reader !== 'none') return before;
  return { reading: { ...again, fingerprint: reading.fingerprint }, basis: 'sql' };
}
