import type { SpendQuery, SpendRow } from '../records/spend/spend-query.ts';
import type { ConvertedSavingsQuery, SavingsReport } from '../reports/savings/savings.ts';
import type { Conversion } from '../vocabulary/exchange.ts';
import type { TableReads } from '../vocabulary/table-reads.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';

/**
 * The expensive questions of the API: sums over all decisions of a time span. None is answered on the thread that guards
 * queries. Arguments and answers are plain values.
 * @throws LedgerError, from each of them
 */
export interface ApiQuestions {
  /** Null if the answer would have more than `maxRows` rows; with null, there is no limit. */
  spend(
    query: SpendQuery & { readonly maxRows: number | null; readonly conversion?: Conversion },
  ): Promise<readonly SpendRow[] | null>;
  savings(query: ConvertedSavingsQuery): Promise<SavingsReport>;
  /** Who read each table, and which of its columns. */
  tableReads(span: TimeSpan): Promise<ReadonlyMap<string, TableReads>>;
}
