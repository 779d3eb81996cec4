/** Every anti-pattern that is looked for, in the order in which the documentation tells of them. */
export const ANTI_PATTERN_NAMES = [
  'select-star',
  'select-distinct-star',
  'no-partition-filter',
  'function-around-partition-column',
  'dynamic-predicate',
  'unbounded-date-range',
  'limit-saves-no-bytes',
  'not-cacheable',
  'cross-join',
  'join-order',
  'semi-join-without-aggregation',
  'cte-read-more-than-once',
  'order-by-without-limit',
  'latest-record-by-analytic-function',
  'exact-count-distinct',
  'regexp-where-like-serves',
  'string-comparison',
  'filter-order',
  'temporary-table-not-dropped',
  'persistent-table-dropped',
] as const;

export type AntiPatternName = (typeof ANTI_PATTERN_NAMES)[number];

/** A stretch of the SQL as it was given: offsets in UTF-16 code units, the end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * What must be true of the tables for a candidate to hold, since the SQL alone does not tell it: that the finding's
 * column is what its table is partitioned by; that the table is partitioned, and by none of these columns; or that
 * another table (`project.dataset.table`) is much larger than the finding's.
 */
export type AntiPatternCondition =
  | { readonly kind: 'partitioned-by-column' }
  | { readonly kind: 'partitioned-by-none-of'; readonly columns: readonly string[] }
  | { readonly kind: 'smaller-than'; readonly table: string };

/** One place where SQL does what costs more than it need. */
export interface AntiPatternFinding {
  readonly name: AntiPatternName;
  readonly span: TextSpan;
  /** `project.dataset.table`; null where it is of no one table. */
  readonly table: string | null;
  /** In lower case; null where it is of no one column. */
  readonly column: string | null;
  /** Null where the finding holds as it is. Else it is a candidate, which `antiPatternsOf` keeps or drops. */
  readonly onlyIf: AntiPatternCondition | null;
}
