import type { TextSpan } from './antipatterns/antipattern.ts';
import type { TableReference } from './table.ts';

/** Where a query could be rewritten. Plain values: they may be sent between processes. */
export interface RewriteSites {
  readonly scans: readonly ScanSite[];
  readonly stars: readonly StarSite[];
  readonly exactCounts: readonly ExactCountSite[];
  readonly clocks: readonly ClockSite[];
  /** Every name and keyword in the text, in lower case: a word that is not listed does not occur. */
  readonly words: readonly string[];
}

/** For a query that cannot be rewritten, or was not read. */
export const NO_SITES: RewriteSites = { scans: [], stars: [], exactCounts: [], clocks: [], words: [] };

/** A table, at its place in a FROM or JOIN. */
export interface ScanSite {
  readonly table: TableReference;
  /** Its name as written, without an alias. */
  readonly name: TextSpan;
  /** The qualifier of its columns there, as written. */
  readonly qualifier: string;
  /** True if the text refers to it by the table's own name elsewhere: a replacement table must keep that name. */
  readonly isReferencedByName: boolean;
  /** True if it is alone in its FROM, so that its columns need no qualifier. */
  readonly isAlone: boolean;
  /** Where another condition on its rows can go; null if that would change a join with others. */
  readonly filter: FilterSite | null;
}

/** Where a SELECT can take another condition. */
export type FilterSite =
  /** It has no WHERE: one goes here. */
  | { readonly kind: 'no where'; readonly at: number }
  /** `condition` is what follows its WHERE; `isOr` if that is joined by OR. */
  | { readonly kind: 'where'; readonly condition: TextSpan; readonly isOr: boolean };

/** A star, `*` or `t.*`, that takes every column of one table. */
export interface StarSite {
  readonly span: TextSpan;
  readonly table: TableReference;
  /** The `t.` of `t.*` as written; empty for a bare star. */
  readonly qualifier: string;
  /** True if a column that the text names nowhere cannot reach the result. */
  readonly feedsNamedColumns: boolean;
}

/** A `COUNT(DISTINCT …)`. */
export interface ExactCountSite {
  /** The word COUNT. */
  readonly name: TextSpan;
  /** The word DISTINCT, with the space after it. */
  readonly distinct: TextSpan;
}

/** A call that returns the current time, which keeps the warehouse from answering from its cache. */
export interface ClockSite {
  readonly span: TextSpan;
  readonly function: 'CURRENT_TIMESTAMP' | 'CURRENT_DATETIME' | 'CURRENT_DATE';
  /** Its time zone; null for the warehouse's default, UTC. */
  readonly timeZone: string | null;
}
