import { readSql } from '../../src/sql/read-sql.ts';
import { tableName } from '../../src/vocabulary/table.ts';

export const defaults = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

export function read(sql: string) {
  return readSql(sql, defaults);
}

export function useOf(sql: string, table: string) {
  const use = read(sql).tables.find((candidate) => tableName(candidate.table) === table);
  if (use === undefined) throw new Error(`${table} is not among the tables of: ${sql}`);
  return use;
}
