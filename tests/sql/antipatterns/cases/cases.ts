import type { AntiPatternName } from '../../../../src/vocabulary/antipatterns/antipattern.ts';
import type { CaseTable } from './case-table.ts';
import { crossJoin } from './cross-join.ts';
import { cteReadMoreThanOnce } from './cte-read-more-than-once.ts';
import { dynamicPredicate } from './dynamic-predicate.ts';
import { exactCountDistinct } from './exact-count-distinct.ts';
import { filterOrder } from './filter-order.ts';
import { functionAroundPartitionColumn } from './function-around-partition-column.ts';
import { joinOrder } from './join-order.ts';
import { latestRecordByAnalyticFunction } from './latest-record-by-analytic-function.ts';
import { limitSavesNoBytes } from './limit-saves-no-bytes.ts';
import { noJobTimeFilter } from './no-job-time-filter.ts';
import { noPartitionFilter } from './no-partition-filter.ts';
import { noTableSuffixFilter } from './no-table-suffix-filter.ts';
import { notCacheable } from './not-cacheable.ts';
import { orderByWithoutLimit } from './order-by-without-limit.ts';
import { persistentTableDropped } from './persistent-table-dropped.ts';
import { regexpWhereLikeServes } from './regexp-where-like-serves.ts';
import { selectDistinctStar } from './select-distinct-star.ts';
import { selectStar } from './select-star.ts';
import { semiJoinWithoutAggregation } from './semi-join-without-aggregation.ts';
import { stringComparison } from './string-comparison.ts';
import { temporaryTableNotDropped } from './temporary-table-not-dropped.ts';
import { unboundedDateRange } from './unbounded-date-range.ts';

export const CASES: Readonly<Record<AntiPatternName, CaseTable>> = {
  'select-star': selectStar,
  'select-distinct-star': selectDistinctStar,
  'no-partition-filter': noPartitionFilter,
  'function-around-partition-column': functionAroundPartitionColumn,
  'dynamic-predicate': dynamicPredicate,
  'unbounded-date-range': unboundedDateRange,
  'no-table-suffix-filter': noTableSuffixFilter,
  'no-job-time-filter': noJobTimeFilter,
  'limit-saves-no-bytes': limitSavesNoBytes,
  'not-cacheable': notCacheable,
  'cross-join': crossJoin,
  'join-order': joinOrder,
  'semi-join-without-aggregation': semiJoinWithoutAggregation,
  'cte-read-more-than-once': cteReadMoreThanOnce,
  'order-by-without-limit': orderByWithoutLimit,
  'latest-record-by-analytic-function': latestRecordByAnalyticFunction,
  'exact-count-distinct': exactCountDistinct,
  'regexp-where-like-serves': regexpWhereLikeServes,
  'string-comparison': stringComparison,
  'filter-order': filterOrder,
  'temporary-table-not-dropped': temporaryTableNotDropped,
  'persistent-table-dropped': persistentTableDropped,
};
