/** A BigQuery table or view, fully qualified, as in the API's `TableReference`. */
export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** What the policy's catalog says about a table, or about all whose names match a pattern. */
export interface CatalogEntry {
  /** As in the files: `project.dataset.table`, or a pattern that ends in `*`. */
  readonly table: string;
  readonly status: 'governed' | 'legacy' | 'unknown';
  readonly owner: string | null;
  /** The table to use instead. */
  readonly replacement: string | null;
  /** As in the files; it goes before what the warehouse says. */
  readonly partitionColumn: string | null;
}

/** `project.dataset.table`: how policies, records and messages name a table. */
export function tableName(table: TableReference): string {
  return `${table.projectId}.${table.datasetId}.${table.tableId}`;
}

/** The table of this name. A project may have dots in its name. */
export function tableNamed(name: string): TableReference {
  const [tableId = '', datasetId = '', ...project] = name.split('.').reverse();
  return { projectId: project.reverse().join('.'), datasetId, tableId };
}
