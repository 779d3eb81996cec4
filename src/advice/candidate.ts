import type { Replacement, RewriteChange, RewriteResult } from '../vocabulary/advice.ts';
import type { TextSpan } from '../vocabulary/antipattern.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { RewriteSites } from '../vocabulary/rewrite-sites.ts';
import type { TableReference } from '../vocabulary/table.ts';
import type { TableDefinition } from '../vocabulary/table-definition.ts';

/** A query, and what is known of its tables. */
export interface Subject {
  readonly sql: string;
  readonly sites: RewriteSites;
  readonly reading: SqlReading;
  /** Null where the warehouse does not tell the caller. */
  definitionOf(table: TableReference): TableDefinition | null;
  /** What the catalog names in place of a table; null where it names nothing. */
  replacementOf(table: TableReference): Replacement | null;
  readonly nowMs: number;
}

/** A stretch of the SQL, and what stands there instead. */
export interface Edit extends TextSpan {
  readonly text: string;
}

/** Another form of a query that nobody has asked the warehouse about yet. */
export interface Candidate {
  readonly changes: readonly RewriteChange[];
  readonly edits: readonly Edit[];
  readonly result: RewriteResult;
}

/** The SQL with the edits made, and all else as it is. Edits do not overlap. */
export function edited(sql: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let [text, end] = ['', 0];
  for (const edit of inOrder) {
    text += sql.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return text + sql.slice(end);
}
