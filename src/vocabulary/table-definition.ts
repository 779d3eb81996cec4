import type { Bytes } from './bytes.ts';
import type { TableReference } from './table.ts';

/** As in the API's `Table.type`. */
export const tableKinds = ['TABLE', 'VIEW', 'MATERIALIZED_VIEW', 'EXTERNAL', 'SNAPSHOT'] as const;
/** The kind of a table, in the API's own words. */
type TableKind = (typeof tableKinds)[number];

/** What the warehouse says about a table itself. Columns are spelt as in the warehouse; case does not matter. */
export interface TableDefinition {
  readonly table: TableReference;
  readonly kind: TableKind;
  /** Top-level columns, in order; types as in GoogleSQL: `INT64`, `ARRAY<STRING>`, `STRUCT`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** `_PARTITIONTIME` for a table partitioned by load time; null for one without partitions. */
  readonly partitionColumn: string | null;
  /** In the order by which the table is sorted. */
  readonly clusterColumns: readonly string[];
  /** Logical size; null for views and if the warehouse does not say. */
  readonly bytes: Bytes | null;
  /** The GoogleSQL of a view; absent for tables, for views in legacy SQL, and if the warehouse does not say. */
  readonly sql?: string | undefined;
}

/** The column that filters a table partitioned by load time. */
export const LOAD_TIME_COLUMN = '_PARTITIONTIME';
