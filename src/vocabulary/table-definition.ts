import type { Bytes } from './bytes.ts';
import type { TableReference } from './table.ts';

/** As BigQuery names them in `Table.type`. */
export const tableKinds = ['TABLE', 'VIEW', 'MATERIALIZED_VIEW', 'EXTERNAL', 'SNAPSHOT'] as const;
/** What a table is, in the API's own words. */
type TableKind = (typeof tableKinds)[number];

/** What the warehouse says of a table itself. Columns are written as the warehouse writes them; case does not matter. */
export interface TableDefinition {
  readonly table: TableReference;
  readonly kind: TableKind;
  /** Top-level columns, in their order; types as GoogleSQL names them: `INT64`, `ARRAY<STRING>`, `STRUCT`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** `_PARTITIONTIME` for a table partitioned by load time; null for one without partitions. */
  readonly partitionColumn: string | null;
  /** `DAY`, `HOUR`, `MONTH`, `YEAR`, or `RANGE` of whole numbers; the column's own type stands among the columns. */
  readonly partitionType: string | null;
  /** True where BigQuery itself refuses a query that does not filter on the partition column. */
  readonly requiresPartitionFilter: boolean;
  /** In the order in which the table is sorted by them. */
  readonly clusterColumns: readonly string[];
  /** Logical size; null for views and wherever the warehouse tells none. */
  readonly bytes: Bytes | null;
}

/** The column by which a table partitioned by load time is filtered. */
export const LOAD_TIME_COLUMN = '_PARTITIONTIME';
