import type { Select, Source, TableSource } from './queries.ts';
import { aggregates, columnsIn, literalText, neverHolds, nodesIn, unwrap } from './tree.ts';

/** Whether reading a table costs: INFORMATION_SCHEMA neither grows with the tables nor is partitioned. */
export function isStored({ reference }: TableSource): boolean {
  return !reference.tableId.toUpperCase().startsWith('INFORMATION_SCHEMA');
}

/** A sample of more than this reads the table all the same. */
const LARGEST_SAMPLE_PERCENT = 50;

/** Whether TABLESAMPLE keeps a table from being read as a whole. A parameter may be any share. */
export function isSampled({ node: { table_sample: sample } }: TableSource): boolean {
  const percent = sample?.is_percent === true ? literalText(sample.size) : null;
  return percent !== null && Number(percent) <= LARGEST_SAMPLE_PERCENT;
}

/** Whether a source reads a stored table, at any depth. */
export function readsStoredTable(source: Source, seen = new Set<Source>()): boolean {
  if (seen.has(source)) return false;
  seen.add(source);
  if (source.kind === 'table') return isStored(source);
  return selectsOf(source).some((select) => select.sources.some((inner) => readsStoredTable(inner, seen)));
}

/** The SELECTs whose rows a source has; none for a table. */
export function selectsOf(source: Source): readonly Select[] {
  if (source.kind === 'query') return source.query.selects;
  return source.kind === 'common' ? source.table.query.selects : [];
}

/** Whether a SELECT returns one row for each that it reads: nothing groups, deduplicates or limits them. */
export function isUngrouped({ body }: Select): boolean {
  return (
    body.group_by === null &&
    !body.distinct &&
    body.limit === null &&
    body.qualify === null &&
    body.having === null &&
    !aggregates(body.expressions)
  );
}

/** Whether a source returns rows of stored tables unaggregated: as many as there may be. */
export function returnsTableRows(source: Source, seen = new Set<Source>()): boolean {
  if (seen.has(source)) return false;
  seen.add(source);
  if (source.kind === 'table') return isStored(source);
  return selectsOf(source).some(
    (select) => isUngrouped(select) && select.sources.some((inner) => returnsTableRows(inner, seen)),
  );
}

/** Whether a SELECT reads any column: `SELECT COUNT(*) FROM t` and the like are answered without. */
export function readsColumns(select: Select): boolean {
  const { body, sources } = select;
  const parts = [
    body.expressions,
    body.where_clause,
    body.group_by,
    body.having,
    body.qualify,
    body.order_by,
  ];
  const isStar = body.expressions.some((projection) => 'star' in unwrap(projection));
  return (
    !isNeverRead(select) &&
    (isStar ||
      sources.length > 1 ||
      columnsIn(parts).length > 0 ||
      nodesIn(parts).some((n) => 'subquery' in n))
  );
}

/** Whether a condition that never holds keeps the rows of a SELECT out, in it or in every place that reads them. */
function isNeverRead(select: Select, seen = new Set<Select>()): boolean {
  if (neverHolds(select.body.where_clause?.this)) return true;
  if (seen.has(select) || select.readers.length === 0) return false;
  seen.add(select);
  return select.readers.every((reader) => isNeverRead(reader.select, seen));
}
