import { type Item, isParts, itemsIn, type Parts } from './syntax-parts.ts';

/** An UPDATE, DELETE or MERGE. */
export interface Change {
  /** The item that it changes. */
  readonly target: Parts;
  /** What it reads beside its target: its FROM, or USING. */
  readonly items: readonly Item[];
  /** Everything else in it. */
  readonly clauses: Parts;
}

/** The change that a statement makes to a table's rows; null for any other statement. */
export function changeIn({ update, delete: deletion, merge }: Parts): Change | null {
  if (isParts(update)) {
    const { table, from_clause, from_joins, ...clauses } = update;
    const items = isParts(from_clause) ? itemsIn({ from_clause, joins: from_joins }) : [];
    return isParts(table) ? { target: { table }, items, clauses } : null;
  }
  if (isParts(deletion)) {
    const { table, alias, ...clauses } = deletion;
    if (!isParts(table)) return null;
    const target = isParts(alias) ? { alias: { this: { table }, alias } } : { table };
    return { target, items: [], clauses };
  }
  if (!isParts(merge) || !isParts(merge['this']) || !isParts(merge['using'])) return null;
  const { this: target, using: from, ...clauses } = merge;
  return { target, items: [{ from, join: null }], clauses };
}
