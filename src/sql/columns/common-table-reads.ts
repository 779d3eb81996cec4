import {
  type Column,
  columnOf,
  distinct,
  type Mention,
  mentionNothing,
  type Origin,
  type Rows,
} from './column-rows.ts';
import { shared } from './filter-reach.ts';

/**
 * A common table, and how each place that reads it uses what it gives. Each read counts by its own filters: BigQuery
 * runs the query of a common table for each anew, with the filters of that place.
 */
export interface CommonTable {
  readonly rows: Rows;
  /** One mention for each place, in which columns are called by `keyOf` where they have a place, and else by name. */
  readonly reads: Mention[];
}

/** What one more place that reads a common table finds there. */
export function readOnceMore({ rows, reads }: CommonTable): Rows {
  const mention = mentionNothing();
  reads.push(mention);
  return {
    columns: rows.columns.map(({ name }, place) => ({
      name,
      origins: [{ mention, column: keyOf(place), barred: false }],
    })),
    open: rows.open.length === 0 ? [] : [[{ mention, filterable: null }]],
    opaque: rows.opaque || rows.open.length > 1,
  };
}

/**
 * Hands on what places do with a common table to what it reads itself: all that any of them uses, and of the filters
 * those that all of them share. To be called when all that may read it has been followed, its own readers first.
 */
export function handOn({ rows, reads }: CommonTable): void {
  const originsBy = (list: keyof Mention) =>
    reads.map((read) => distinct([...read[list]].flatMap((key) => originsOfKey(rows, key))));
  for (const list of ['projected', 'joined', 'grouped'] as const) note(originsBy(list).flat(), list);
  note(shared(originsBy('filtered')), 'filtered');
}

/** Notes how columns are used; as filtered, only those that a filter there filters. */
export function note(origins: readonly Origin[], list: keyof Mention): void {
  for (const { mention, column, barred } of origins) {
    if (list !== 'filtered' || !barred) mention[list].add(column);
  }
}

/** A column by its place, since its name may be missing or stand twice; no name of BigQuery's begins so. */
function keyOf(place: number): string {
  return `$${place}`;
}

function originsOfKey(rows: Rows, key: string): readonly Origin[] {
  const placed: Column | undefined = key.startsWith('$') ? rows.columns[Number(key.slice(1))] : undefined;
  return placed?.origins ?? columnOf(rows, key);
}
