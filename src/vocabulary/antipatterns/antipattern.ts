/** Every anti-pattern that is searched for, in the order of the documentation. */
export const ANTI_PATTERN_NAMES = [
  'select-star',
  'select-distinct-star',
  'no-partition-filter',
  'function-around-partition-column',
  'dynamic-predicate',
  'unbounded-date-range',
  'no-table-suffix-filter',
  'no-job-time-filter',
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

/** A stretch of the original SQL: offsets in UTF-16 code units, the end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * What must be true of the tables for a candidate to hold, which the SQL alone does not show: that its table is
 * partitioned by the finding's column; that the table is partitioned, but by none of these columns; or that another
 * table (`project.dataset.table`) is much larger than the finding's.
 */
export type AntiPatternCondition =
  | { readonly kind: 'partitioned-by-column' }
  | { readonly kind: 'partitioned-by-none-of'; readonly columns: readonly string[] }
  | { readonly kind: 'smaller-than'; readonly table: string };

/** A place where SQL costs more than it needs to. */
export interface AntiPatternFinding {
  readonly name: AntiPatternName;
  readonly span: TextSpan;
  /** `project.dataset.table`; null if it is not about a single table. */
  readonly table: string | null;
  /** In lower case; null if it is not about a single column. */
  readonly column: string | null;
  /** Null if the finding holds unconditionally. Otherwise it is a candidate, which `antiPatternsOf` keeps or drops. */
  readonly onlyIf: AntiPatternCondition | null;
}

/** The text about an anti-pattern, in one language. */
export interface AntiPatternText {
  /** A few words, without a full stop. */
  readonly title: string;
  /** What it costs, and why: one or two sentences. */
  readonly why: string;
  /** What to do: one or two sentences. */
  readonly instead: string;
}

export type AntiPatternTexts = Readonly<Record<AntiPatternName, AntiPatternText>>;
