import type { AntiPatternFinding } from '../../vocabulary/antipattern.ts';
import type { Expression } from '../survey.ts';
import type { NameDefaults } from '../table-names.ts';
import type { Detector, Found, Sight } from './detector.ts';
import { crossJoin } from './find/cross-join.ts';
import { cteReadMoreThanOnce } from './find/cte-read-more-than-once.ts';
import { dynamicPredicate } from './find/dynamic-predicate.ts';
import { exactCountDistinct } from './find/exact-count-distinct.ts';
import { filterOrder } from './find/filter-order.ts';
import { functionAroundPartitionColumn } from './find/function-around-partition-column.ts';
import { joinOrder } from './find/join-order.ts';
import { latestRecordByAnalyticFunction } from './find/latest-record-by-analytic-function.ts';
import { limitSavesNoBytes } from './find/limit-saves-no-bytes.ts';
import { noPartitionFilter } from './find/no-partition-filter.ts';
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
import { sourceTextOf } from './source/source-text.ts';

const DETECTORS: readonly Detector[] = [
  selectStar,
  selectDistinctStar,
  noPartitionFilter,
  functionAroundPartitionColumn,
  dynamicPredicate,
  unboundedDateRange,
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

/** More of one kind tell no one more, and are kept with each query. */
const MOST_OF_ONE_KIND = 100;

/**
 * Every anti-pattern in the SQL, by its place in the text, with candidates that hang on what is known of the tables
 * (see `antiPatternsOf`). Never throws: a query is judged by its price, and must not be held up because a hint about
 * it cannot be had. An anti-pattern that a tree is too odd for is not found in it, and the others are. Of each, a hundred at most.
 * @param sql the text that was parsed, to the letter: spans are offsets in it
 * @param statements what the parser made of it
 * @param defaults the project and dataset that complete short names
 */
export function findAntiPatterns(
  sql: string,
  statements: readonly Expression[],
  defaults: NameDefaults,
): readonly AntiPatternFinding[] {
  const sight = orNone(() => [
    { text: sourceTextOf(sql), queries: readQueries(statements, defaults), defaults },
  ]);
  const findings = sight.flatMap((one) => DETECTORS.flatMap((detector) => findingsOf(detector, one)));
  return findings.sort((one, other) => one.span.start - other.span.start || one.span.end - other.span.end);
}

function findingsOf(detector: Detector, sight: Sight): AntiPatternFinding[] {
  return orNone(() => once(detector.find(sight)).map((found) => ({ name: detector.name, ...found })));
}

/** A comparison is looked at from both of its sides, which can lead to one place twice. */
function once(findings: readonly Found[]): readonly Found[] {
  const byPlace = new Map<string, Found>();
  for (const finding of findings) {
    const { span, table, column, onlyIf } = finding;
    const key = JSON.stringify([span.start, span.end, ...(onlyIf === null ? [] : [table, column, onlyIf])]);
    if (!byPlace.has(key)) byPlace.set(key, finding);
  }
  return [...byPlace.values()].slice(0, MOST_OF_ONE_KIND);
}

/** Trees come from another's parser and nest as deep as it lets them: what fails here fails for this query alone. */
function orNone<Item>(find: () => Item[]): Item[] {
  try {
    return find();
  } catch {
    return [];
  }
}
