import type { Bytes } from './bytes.ts';

/** Languages in which the guardrail answers people. */
export type Language = 'en' | 'pt-BR';

/** Where in the policy files something stands. Lines and columns count from one. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `policies/rules.yaml:12`: how people are told of a place. */
export function fileAndLine({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

/** Whom a query is for, and in which language they are answered. */
export interface Team {
  readonly name: string;
  /** How people call it. */
  readonly title: string;
  readonly language: Language;
}

/** What a rule does when its condition holds: record it, tell the caller's team, or refuse. */
export type RuleMode = 'audit' | 'warn' | 'deny';

/** What holds a rule back from all that it says. */
export type Restraint =
  | {
      readonly by: 'date';
      /** ISO date from which on it does what it says. */
      readonly from: string;
    }
  | {
      readonly by: 'roll-out';
      /** The share of fingerprints that it is rolled out to, `25%`; this query is of the others. */
      readonly share: string;
    }
  | {
      readonly by: 'exemption';
      readonly owner: string;
      readonly reason: string;
      /** ISO date of the last day on which it holds. */
      readonly until: string;
      readonly source: SourcePosition;
    };

/** Why a rule did less to a query than it would. */
export type Easing = Restraint & { readonly wouldBe: RuleMode };

/** A rule whose condition held for a query. */
export interface RuleHit {
  readonly rule: string;
  /** What it did. */
  readonly mode: RuleMode;
  /** Absent where it did all that it says. */
  readonly eased?: Easing;
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

/** How the SQL of a query is kept in the records; what is masked has its literals replaced by `?`. */
export type SqlRetention = 'stored' | 'masked' | 'hashed' | 'dropped';

/** Where to tell of budgets that reach a threshold. */
export interface Webhook {
  readonly name: string;
  /** `slack`: an incoming webhook of Slack, or of what takes its messages; `json`: the notice as it is. */
  readonly format: 'slack' | 'json';
  /** The address itself, or the environment variable that holds it where it is a secret. */
  readonly address: { readonly url: string } | { readonly variable: string };
  readonly language: Language;
  /** Only notices of these budgets; null for all. */
  readonly budgets: readonly string[] | null;
  readonly source: SourcePosition;
}
