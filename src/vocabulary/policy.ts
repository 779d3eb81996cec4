import type { Language } from '../foundation/text/language.ts';
import type { Bytes } from './bytes.ts';

/** A place in the policy files. Lines and columns count from one. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `policies/rules.yaml:12`: how people see a place. */
export function fileAndLine({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

/** Whom a query is for, and in which language to answer them. */
export interface Team {
  readonly name: string;
  /** The name that people use for it. */
  readonly title: string;
  readonly language: Language;
  /** Whom it asks about a refusal; null if the policy does not say. */
  readonly contact: string | null;
}

/** What a rule does when its condition holds: record it, tell the caller's team, or refuse. */
export type RuleMode = 'audit' | 'warn' | 'deny';

/** What holds a rule back from its full effect. */
export type Restraint =
  | {
      readonly by: 'date';
      /** ISO date from which on it has its full effect. */
      readonly from: string;
    }
  | {
      readonly by: 'roll-out';
      /** The share of fingerprints that it is rolled out to, `25%`; this query is not among them. */
      readonly share: string;
    }
  | {
      readonly by: 'exemption';
      readonly owner: string;
      readonly reason: string;
      /** ISO date of the last day on which it applies. */
      readonly until: string;
      readonly source: SourcePosition;
    };

/** Why a rule did less to a query than its mode says. */
export type Easing = Restraint & { readonly wouldBe: RuleMode };

/** A rule whose condition held for a query. */
export interface RuleHit {
  readonly rule: string;
  /** What it did. */
  readonly mode: RuleMode;
  /** Absent if it did all that its mode says. */
  readonly eased?: Easing;
  /** The message for the person, in the team's language: what is wrong and what to do. */
  readonly message: string;
  readonly source: SourcePosition;
}

/** The rules' verdict on a query. */
export interface Verdict {
  /** `deny` if any hit has mode deny. */
  readonly outcome: 'allow' | 'deny';
  readonly hits: readonly RuleHit[];
  /** The lowest `maximum_bytes_billed` of the rules that cap this query, or null. */
  readonly maximumBytesBilled: Bytes | null;
}

/** A rule whose verdict on a query turns on facts that nobody has looked up, and the most that it could do. */
export interface Doubt {
  readonly rule: string;
  /** `deny` also if it could set a cap, or have a budget refuse. */
  readonly atMost: RuleMode;
}

/** How the SQL of a query is kept in the records; masked SQL has its literals replaced by `?`. */
export type SqlRetention = 'stored' | 'masked' | 'hashed' | 'dropped';

/** Where to send notices about budgets that reach a threshold. */
export interface Webhook {
  readonly name: string;
  /** `slack`: an incoming webhook of Slack, or of anything that accepts its messages; `json`: the notice as JSON. */
  readonly format: 'slack' | 'json';
  /** The address itself, or the environment variable that holds it if it is secret. */
  readonly address: { readonly url: string } | { readonly variable: string };
  readonly language: Language;
  /** Only notices of these budgets; null for all. */
  readonly budgets: readonly string[] | null;
}
