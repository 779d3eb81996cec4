import type { TableReference } from '../vocabulary/table.ts';

/**
 * In legacy SQL, `t$20260101` and `t@-3600000` read a partition of `t`, or `t` as it was. What `t$__PARTITIONS_SUMMARY__` and its
 * like tell is not in the table.
 * @see https://cloud.google.com/bigquery/docs/reference/legacy-sql#tabledecorators
 */
const DECORATOR = /[$@](?!__).*$/;

/** The table by the name that rules know it by. */
export function withoutDecorator(table: TableReference): TableReference {
  return { ...table, tableId: table.tableId.replace(DECORATOR, '') };
}
