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

/** `same`: the rows that the query itself would give. `changed`: others, such as fewer. */
export type RewriteResult = 'same' | 'changed';

/** What is to be read in place of a table. */
export interface Replacement {
  /** `project.dataset.table` */
  readonly table: string;
  /** `same` only where the catalog vouches that queries give the same over it. */
  readonly result: RewriteResult;
}

/** One of the things that a rewrite changes. */
export interface RewriteChange {
  readonly kind: RewriteKind;
  /** What is new in the SQL, to be shown in a sentence: a condition, columns, a table, a function. */
  readonly shows: string;
}

/** Another form of a query, as the warehouse itself has priced it. */
export interface Rewrite {
  /** One, or several where only together they are let through. */
  readonly changes: readonly RewriteChange[];
  /** The whole query in this form. */
  readonly sql: string;
  readonly result: RewriteResult;
  /** What the form would be billed at the most. */
  readonly bytesBilled: Bytes;
  /**
   * What is saved at each run, by the dry runs of both; or was billed in the last day for repeats that the warehouse's
   * cache would have answered in this form.
   */
  readonly savedOver: 'run' | 'day';
  /** 0 where the form only passes the rules. */
  readonly savedBytes: Bytes;
  /** The same in money; 0 where slots are paid for, of which a dry run tells nothing. */
  readonly savedCost: Money;
  /** Whether the rules and budgets, as they stood, would let this form run. */
  readonly passes: boolean;
}
