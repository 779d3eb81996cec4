import type { TextSpan } from './antipattern.ts';
import type { TableReference } from './table.ts';

/** Where a query could be written otherwise. Plain values: they may cross from a worker thread. */
export interface RewriteSites {
  readonly scans: readonly ScanSite[];
  readonly stars: readonly StarSite[];
  readonly exactCounts: readonly ExactCountSite[];
  readonly clocks: readonly ClockSite[];
  /** Every name and keyword in the text, in lower case: what is not among them is named nowhere. */
  readonly words: readonly string[];
}

/** Of a query that cannot be written otherwise, or was not read. */
export const NO_SITES: RewriteSites = { scans: [], stars: [], exactCounts: [], clocks: [], words: [] };

/** A table where it stands in a FROM or JOIN. */
export interface ScanSite {
  readonly table: TableReference;
  /** Its name as it is written, without an alias. */
  readonly name: TextSpan;
  /** By what its columns are called there, as it is written. */
  readonly goesBy: string;
  /** True where the text calls it by its table's own name elsewhere: another table in its place must keep that. */
  readonly isCalledByName: boolean;
  /** True where it stands alone in its FROM, so that its columns need no qualifier. */
  readonly alone: boolean;
  /** Where one more condition on its rows can stand; null where that would change a join with others. */
  readonly filter: FilterSite | null;
}

/** Where a SELECT takes one more condition. */
export type FilterSite =
  /** It has no WHERE: one goes here. */
  | { readonly kind: 'no where'; readonly at: number }
  /** `condition` is what stands behind its WHERE; `isOr` where that is joined by OR. */
  | { readonly kind: 'where'; readonly condition: TextSpan; readonly isOr: boolean };

/** A star, `*` or `t.*`, that takes every column of one table. */
export interface StarSite {
  readonly span: TextSpan;
  readonly table: TableReference;
  /** The `t.` of `t.*` as it is written; empty for a bare star. */
  readonly qualifier: string;
  /** True where a column that the text names nowhere cannot come to the result. */
  readonly feedsNamedColumns: boolean;
}

/** A `COUNT(DISTINCT …)`. */
export interface ExactCountSite {
  /** The word COUNT. */
  readonly name: TextSpan;
  /** The word DISTINCT, with the space behind it. */
  readonly distinct: TextSpan;
}

/** A call that tells the time, and so keeps the warehouse from answering out of its cache. */
export interface ClockSite {
  readonly span: TextSpan;
  readonly function: 'CURRENT_TIMESTAMP' | 'CURRENT_DATETIME' | 'CURRENT_DATE';
  /** The time zone that it is asked in; null for the warehouse's own, UTC. */
  readonly timeZone: string | null;
}
