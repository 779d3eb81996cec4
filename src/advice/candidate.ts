import type { Replacement, RewriteChange, RewriteResult } from '../vocabulary/advice.ts';
import type { TextSpan } from '../vocabulary/antipatterns/antipattern.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import type { TableReference } from '../vocabulary/table.ts';
import type { TableDefinition } from '../vocabulary/table-definition.ts';

/** A query, and what is known about its tables. */
export interface Subject {
  readonly sql: string;
  readonly sites: RewriteSites;
  readonly reading: SqlReading;
  /** Null if the warehouse does not say the caller. */
  definitionOf(table: TableReference): TableDefinition | null;
  /** The catalog's replacement for a table; null if it names none. */
  replacementOf(table: TableReference): Replacement | null;
  readonly nowMs: number;
}

/** A stretch of the SQL, and its replacement. */
export interface Edit extends TextSpan {
  readonly text: string;
}

/** Another form of a query, not priced by the warehouse yet. */
export interface Candidate {
  readonly changes: readonly RewriteChange[];
  readonly edits: readonly Edit[];
  readonly result: RewriteResult;
}

/** The SQL with the edits applied, otherwise unchanged. Edits do not overlap. */
export function applyEdits(sql: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let [text, end] = ['', 0];
  for (const edit of inOrder) {
    text += sql.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return text + sql.slice(end);
}
