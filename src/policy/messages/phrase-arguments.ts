import type { RewriteResult } from '../../vocabulary/advice.ts';
import type { BudgetWindow, SubjectKind } from '../../vocabulary/budget.ts';
import type { RuleMode } from '../../vocabulary/policy.ts';

/** Stands for a text that is left out, in templates that distinguish the two. */
export const NOTHING = 'nothing';

/** A window as templates see it; `rolling` with its hours. */
export interface Period {
  readonly window: Exclude<BudgetWindow, `rolling-${number}h`> | 'rolling';
  readonly hours: number;
}

/** No argument at all. */
export type None = Readonly<Record<string, never>>;

/**
 * The arguments of a refusal's sentences. Amounts and instants come formatted; a rule or budget as its name and place,
 * several as a list; counts as numbers.
 */
export interface PhraseArguments {
  /** @param others the same cost in other currencies, or `NOTHING`, as with slot time if no budget counts it */
  readonly estimate: {
    readonly bytes: string;
    readonly slotTime: string;
    readonly cost: string;
    readonly others: string;
  };
  readonly refused: { readonly estimate: string };
  readonly refusedSince: { readonly estimate: string; readonly reason: string };
  readonly byRules: { readonly rules: string; readonly count: number };
  /** @param left or `NOTHING` */
  readonly takesTooMuch: { readonly budget: string; readonly asked: string; readonly left: string };
  /** For a budget that counts queries. */
  readonly noQueryLeft: { readonly budget: string; readonly limit: string } & Period;
  /** For a budget of queries at once. */
  readonly queueIsFull: { readonly budget: string; readonly running: number; readonly waiting: number };
  readonly waitedTooLong: { readonly budget: string; readonly waited: string; readonly limit: string };
  /** Why a budget that refuses only some queries refuses this one. */
  readonly matchedRules: { readonly rules: string; readonly count: number };
  /** For a rule whose cap is lower than what the query is known to be billed. */
  readonly exceedsCap: { readonly asked: string; readonly most: string };
  readonly conditionFailed: {
    readonly rule: string;
    readonly effect: RuleMode;
    readonly contact: string;
  };
  /** Follows a warning. */
  readonly refusedFrom: { readonly day: string };
  /** @param contact whom to ask, or `NOTHING` */
  readonly fixQuery: { readonly contact: string };
  readonly neverFits: { readonly contact: string };
  readonly whatToDo: { readonly ways: string };
  readonly shrink: None;
  readonly avoidRules: None;
  readonly waitUntilRenewal: { readonly renewsAt: string };
  readonly waitForOldest: { readonly freedAt: string };
  readonly tryAgain: None;
  readonly ask: { readonly contact: string };
  /** One line about the best rewrite, with lists of what it changes and what that leads to. */
  readonly suggestion: { readonly result: RewriteResult; readonly changes: string; readonly effects: string };
  readonly withFilter: { readonly shows: string };
  readonly withColumns: { readonly shows: string };
  readonly withTable: { readonly shows: string };
  readonly withFunction: { readonly shows: string };
  readonly withTime: { readonly shows: string };
  readonly scansLess: { readonly bytes: string; readonly insteadOf: string };
  readonly scansTheSame: { readonly bytes: string };
  readonly costsLess: { readonly saved: string };
  readonly savesRepeats: { readonly bytes: string; readonly cost: string };
  readonly isLetThrough: None;
  readonly isStillRefused: None;
  readonly decisionId: { readonly id: string };
  readonly decisionPage: { readonly page: string };
  readonly left: { readonly budgets: number };
  readonly balance: {
    readonly budget: string;
    readonly left: string;
    readonly limit: string;
    readonly renewsAt: string;
  };
  /** @param freedAt or `NOTHING` */
  readonly rollingBalance: {
    readonly budget: string;
    readonly left: string;
    readonly limit: string;
    readonly freedAt: string;
  } & Period;
  readonly atOnceBalance: { readonly budget: string; readonly running: string; readonly limit: string };
  /** A limit, and the part of it that was granted on top. */
  readonly raised: { readonly limit: string; readonly granted: string };
  /** The account of queries that do not name the subject by which the budget is split. */
  readonly unnamed: { readonly kind: SubjectKind };
  readonly ledgerFailed: None;
  readonly notReadInTime: None;
  readonly stopping: None;
}

/**
 * The sentences of one language, as ICU message templates.
 * @see https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
export type Templates = Readonly<Record<keyof PhraseArguments, string>>;
