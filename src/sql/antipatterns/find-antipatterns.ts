import type { AntiPatternFinding, AntiPatternName } from '../../vocabulary/antipatterns/antipattern.ts';
import { sourceTextOf } from '../source/source-text.ts';
import type { Expression } from '../syntax/syntax-parts.ts';
import type { NameDefaults } from '../table-names.ts';
import type { Detector, Finding } from './detector.ts';
import { crossJoin } from './find/cross-join.ts';
import { cteReadMoreThanOnce } from './find/cte-read-more-than-once.ts';
import { dynamicPredicate } from './find/dynamic-predicate.ts';
import { exactCountDistinct } from './find/exact-count-distinct.ts';
import { filterOrder } from './find/filter-order.ts';
import { functionAroundPartitionColumn } from './find/function-around-partition-column.ts';
import { joinOrder } from './find/join-order.ts';
import { latestRecordByAnalyticFunction } from './find/latest-record-by-analytic-function.ts';
import { limitSavesNoBytes } from './find/limit-saves-no-bytes.ts';
import { noJobTimeFilter } from './find/no-job-time-filter.ts';
import { noPartitionFilter } from './find/no-partition-filter.ts';
import { noTableSuffixFilter } from './find/no-table-suffix-filter.ts';
import { notCacheable } from './find/not-cacheable.ts';
import { orderByWithoutLimit } from './find/order-by-without-limit.ts';
import { persistentTableDropped } from './find/persistent-table-dropped.ts';
import { regexpWhereLikeServes } from './find/regexp-where-like-serves.ts';
import { selectDistinctStar } from './find/select-distinct-star.ts';
import { selectStar } from './find/select-star.ts';
import { semiJoinWithoutAggregation } from './find/semi-join-without-aggregation.ts';
import { stringComparison } from './find/string-comparison.ts';
import { temporaryTableNotDropped } from './find/temporary-table-not-dropped.ts';
import { unboundedDateRange } from './find/unbounded-date-range.ts';
import { readQueries } from './queries/read-queries.ts';

const DETECTORS: readonly Detector[] = [
  selectStar,
  selectDistinctStar,
  noPartitionFilter,
  functionAroundPartitionColumn,
  dynamicPredicate,
  unboundedDateRange,
  noTableSuffixFilter,
  noJobTimeFilter,
  limitSavesNoBytes,
  notCacheable,
  crossJoin,
  joinOrder,
  semiJoinWithoutAggregation,
  cteReadMoreThanOnce,
  orderByWithoutLimit,
  latestRecordByAnalyticFunction,
  exactCountDistinct,
  regexpWhereLikeServes,
  stringComparison,
  filterOrder,
  temporaryTableNotDropped,
  persistentTableDropped,
];

/** More of one kind would help nobody, and they are kept with each query. */
const MAX_OF_ONE_KIND = 100;

/** The result of a search for anti-patterns. */
export interface AntiPatternSearch {
  /** In order of position in the text, at most a hundred of each kind. */
  readonly findings: readonly AntiPatternFinding[];
  /** Those that could not be searched for because the tree is too odd: whether the SQL has them is not known. */
  readonly notSearched: readonly AntiPatternName[];
}

/**
 * Searches the SQL for every anti-pattern, including candidates that depend on facts about the tables (see
 * `antiPatternsOf`). Never throws.
 * @param sql the text that was parsed, with every character in its original place: spans are offsets in it
 * @param statements the parser's trees
 * @param defaults the project and dataset that complete short names
 */
export function findAntiPatterns(
  sql: string,
  statements: readonly Expression[],
  defaults: NameDefaults,
): AntiPatternSearch {
  const context = orNull(() => ({
    text: sourceTextOf(sql),
    queries: readQueries(statements, defaults),
    defaults,
  }));
  const searches = DETECTORS.map((detector) => ({
    name: detector.name,
    found: context === null ? null : orNull(() => deduplicate(detector.find(context))),
  }));
  return {
    findings: searches
      .flatMap(({ name, found }) => (found ?? []).map((finding) => ({ name, ...finding })))
      .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
    notSearched: searches.filter(({ found }) => found === null).map(({ name }) => name),
  };
}

/** A comparison is examined from both sides, which can report one place twice. */
function deduplicate(findings: readonly Finding[]): readonly Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of findings) {
    const { span, table, column, onlyIf } = finding;
    const key = JSON.stringify([span.start, span.end, ...(onlyIf === null ? [] : [table, column, onlyIf])]);
    if (!byPlace.has(key)) byPlace.set(key, finding);
  }
  return [...byPlace.values()].slice(0, MAX_OF_ONE_KIND);
}

/**
 * The trees come from a third-party parser and can nest as deep as it allows: a failure here fails for this query
 * alone.
 */
function orNull<Result>(find: () => Result): Result | null {
  try {
    return find();
  } catch {
    return null;
  }
}
