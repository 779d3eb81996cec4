import { afterAll, beforeAll } from 'vitest';
import { openWarehouse } from '../../src/sandbox/open-warehouse.ts';
import type { QueryParameter, QueryPlan, Row, Warehouse } from '../../src/sandbox/warehouse.ts';

export const PROJECT = 'guardrail-demo';
/** The last of the data's 92 days. */
export const LAST_DAY = '2026-10-31';

/** A small warehouse for the tests of one file. */
export function useWarehouse(messages = 6000) {
  let warehouse: Warehouse | null = null;
  beforeAll(async () => {
    warehouse = await openWarehouse({ asOf: LAST_DAY, messages });
  }, 120_000);
  afterAll(() => warehouse?.close());
  const opened = (): Warehouse => {
    if (warehouse === null) throw new Error('the warehouse is not open');
    return warehouse;
  };

  const plan = (sql: string, parameters: readonly QueryParameter[] = []): Promise<QueryPlan> =>
    opened().plan({ projectId: PROJECT, sql, parameters });

  const rows = async (sql: string, parameters: readonly QueryParameter[] = []): Promise<readonly Row[]> => {
    const result = await opened().run(await plan(sql, parameters), new AbortController().signal);
    return result.page(0, 100_000, { useInt64Timestamp: true });
  };

  /** The only row's values, in BigQuery's encoding. */
  const values = async (sql: string, parameters: readonly QueryParameter[] = []) => {
    const [row] = await rows(sql, parameters);
    return row?.f.map((cell) => cell.v);
  };

  const bytesOf = async (sql: string): Promise<bigint> => (await plan(sql)).totalBytesProcessed;

  return { opened, plan, rows, values, bytesOf };
}
