import type { Bytes } from './bytes.ts';
import type { Money } from './money.ts';

/** What a rewrite changes in a query. */
export const rewriteKinds = [
  'partition-filter',
  'columns',
  'replacement-table',
  'approximate',
  'cacheable',
] as const;
type RewriteKind = (typeof rewriteKinds)[number];

/** `same`: the same rows as the query itself returns. `changed`: other rows, for example fewer. */
export type RewriteResult = 'same' | 'changed';

/** What to read in place of a table. */
export interface Replacement {
  /** `project.dataset.table` */
  readonly table: string;
  /** `same` only if the catalog guarantees that queries return the same over it. */
  readonly result: RewriteResult;
}

/** One of the things that a rewrite changes. */
export interface RewriteChange {
  readonly kind: RewriteKind;
  /** What is new in the SQL, for use in a sentence: a condition, columns, a table, a function. */
  readonly shows: string;
}

/** Another form of a query, priced by the warehouse itself. */
export interface Rewrite {
  /** One change, or several if only together they are let through. */
  readonly changes: readonly RewriteChange[];
  /** The whole query in this form. */
  readonly sql: string;
  readonly result: RewriteResult;
  /** The most that this form would be billed. */
  readonly bytesBilled: Bytes;
  /**
   * What is saved per run, according to the dry runs of both; or what was billed in the last day for repeats that the
   * warehouse's cache would have answered in this form.
   */
  readonly savedOver: 'run' | 'day';
  /** 0 if all that the form does is pass the rules. */
  readonly savedBytes: Bytes;
  /** The same in money; 0 where slots are paid for, about which a dry run says nothing. */
  readonly savedCost: Money;
  /** Whether the rules and budgets, as they stood, would let this form run. */
  readonly passes: boolean;
}
