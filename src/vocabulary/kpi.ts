/**
 * What a query measures, whatever it filters and however its columns are named. Two queries with the same tables,
 * aggregates and grouping answer the same question over different rows.
 */
export interface Kpi {
  /** `project.dataset.table`, sorted. */
  readonly tables: readonly string[];
  /** Aggregates as lower-case SQL without table names, each once, sorted: `count(*)`, `sum(amount)`. */
  readonly aggregates: readonly string[];
  /** Grouping expressions in the same form; aliases and positions resolved. */
  readonly grouping: readonly string[];
}
