import type { TableReference } from './table.ts';

/** How a column is made: taken unchanged, computed, or aggregated over many rows. */
export const columnDerivations = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'] as const;
type ColumnDerivation = (typeof columnDerivations)[number];

/** A table's column that goes into a column of a result. */
export interface ColumnSource {
  /** As far as the SQL names it: the dataset is empty for a bare name without a default. */
  readonly table: TableReference;
  readonly column: string;
  readonly derivation: ColumnDerivation;
}

/** What each column of a query's result is made of, by name; columns into which no table's column goes are left out. */
export type ColumnLineage = ReadonlyMap<string, readonly ColumnSource[]>;
