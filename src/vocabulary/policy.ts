import type { Bytes } from './bytes.ts';
import type { Money } from './money.ts';

/** Languages in which the guardrail answers people. */
export type Language = 'en' | 'pt-BR';

/** Where in the policy files something stands. Lines and columns count from one. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Team {
  readonly name: string;
  /** How people call it. */
  readonly title: string;
  readonly language: Language;
}

/** What a rule does when its condition holds: record it, tell the caller's team, or refuse. */
export type RuleMode = 'audit' | 'warn' | 'deny';

/** A rule whose condition held for a query. */
export interface RuleHit {
  readonly rule: string;
  readonly mode: RuleMode;
  /** What to tell the person, in the team's language: what is wrong and what to do. */
  readonly message: string;
  readonly source: SourcePosition;
}

/** What the rules say of a query. */
export interface Verdict {
  /** `deny` when any hit is in mode deny. */
  readonly outcome: 'allow' | 'deny';
  readonly hits: readonly RuleHit[];
  /** The least `maximum_bytes_billed` of the rules that cap this query, or null. */
  readonly maximumBytesBilled: Bytes | null;
}

export type BudgetWindow = 'day' | 'month';

export type BudgetLimit =
  | { readonly measure: 'bytes'; readonly bytes: Bytes }
  | { readonly measure: 'money'; readonly money: Money };

/** What a team may spend in a window, and what happens when it is spent. */
export interface Budget {
  readonly name: string;
  readonly team: string;
  readonly window: BudgetWindow;
  /** IANA name, such as `America/Sao_Paulo`: where the day and the month begin. */
  readonly timeZone: string;
  readonly limit: BudgetLimit;
  /** `deny` refuses what does not fit; `warn` lets it pass and counts it. */
  readonly whenExceeded: 'deny' | 'warn';
  readonly source: SourcePosition;
}
