import type { TableReference } from './table.ts';

/** What a column is made by: taken as it is, computed, or computed over many rows. */
export const columnDerivations = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'] as const;
type ColumnDerivation = (typeof columnDerivations)[number];

/** A column of a table that a column of a result is made of. */
export interface ColumnSource {
  /** As far as the SQL names it: the dataset is empty where a bare name stands without a default. */
  readonly table: TableReference;
  readonly column: string;
  readonly derivation: ColumnDerivation;
}

/** What each column of a query's result is made of, by its name; columns that no table's column goes into are left out. */
export type ColumnLineage = ReadonlyMap<string, readonly ColumnSource[]>;
