import { isolatedColumn } from '../../columns/isolated-column.ts';
import { type Comparison, comparisonsIn, isConstant } from './comparisons.ts';
import type { Select } from './queries.ts';
import { nameOf } from './tree.ts';

/** The comparisons by which a SELECT's WHERE and join conditions filter. */
export function filtersOf({ body }: Select): readonly Comparison[] {
  return comparisonsIn([body.where_clause, body.joins.map(({ on }) => on)]);
}

/** Bare columns compared with something that is the same for every row: those that BigQuery can prune by. */
export function isolatedNames(comparisons: readonly Comparison[]): readonly string[] {
  return comparisons
    .filter(({ right, operator }) => operator !== '<>' && right.every(isConstant))
    .flatMap(({ left }) => isolatedColumn(left) ?? [])
    .map(nameOf);
}
