import { readSql } from '../../../src/sql/read-sql.ts';

/** How `e.t` is used. */
export function useOfT(sql: string) {
  const { tables } = readSql(sql, { projectId: 'p', defaultDataset: null });
  const use = tables.find(({ table }) => table.tableId === 't');
  if (use === undefined) throw new Error(`e.t is not among the tables of: ${sql}`);
  return use;
}

/** The columns by which every reference to `e.t` is filtered. */
export function filtered(sql: string): readonly string[] {
  return useOfT(sql).filtered;
}
