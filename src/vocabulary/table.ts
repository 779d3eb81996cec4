/** A BigQuery table or view, fully qualified, as in the API's `TableReference`. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** `project.dataset.table`: how policies, records and messages name a table. */
export function tableName(table: TableReference): string {
  return `${table.projectId}.${table.datasetId}.${table.tableId}`;
}
