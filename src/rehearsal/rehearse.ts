import { refusalMessage } from '../policy/messages.ts';
import type { RuleOpinion } from '../policy/opinions.ts';
import type { Policy, Question } from '../policy/policy.ts';
import { readSql } from '../sql/read.ts';
import type { NameDefaults } from '../sql/table-names.ts';
import type { Coverage } from '../vocabulary/budget.ts';
import type { CallerHints } from '../vocabulary/caller.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { Language, Team, Verdict } from '../vocabulary/policy.ts';
import { costOf, type Tariff, tariffFor } from '../vocabulary/pricing.ts';
import type { Refusal, RefusalCause } from '../vocabulary/refusal.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { askBudgets, type BudgetsAnswer } from './ask-budgets.ts';
import type { Judged } from './judged.ts';

/** A query that nobody sends. */
export interface RehearsedQuery {
  /** What stands for the decision's ID. */
  readonly id: string;
  readonly sql: string;
  readonly defaults: NameDefaults;
  readonly atMs: number;
  /** Its principal is who asks. */
  readonly estimate: Estimate;
  /** What it is expected to take, where slot time counts. */
  readonly slotMs: bigint;
  readonly hints: CallerHints;
  /** The language to answer in; the team's where it is left out. */
  readonly language?: Language;
}

/** How the budgets stand that cover a query. */
export type Standing = (coverages: readonly Coverage[], atMs: number) => Promise<readonly BudgetBalance[]>;

/** What the guard would make of a query. */
export interface Rehearsal extends Judged {
  readonly opinions: readonly RuleOpinion[];
  /** Every budget that covers it, as it was found. */
  readonly balances: readonly BudgetBalance[];
  /** What the budgets would say; the guard asks them only where no rule denies. */
  readonly budgets: BudgetsAnswer;
  /** Null where it would run. */
  readonly cause: RefusalCause | null;
  /** What people would be told: why it is refused, or what rules warn of. Empty where they would be told nothing. */
  readonly message: string;
}

/** Takes a query through the stages that decide on it, with the guard's own code, and runs and reserves nothing. */
export async function rehearse(
  policy: Policy,
  query: RehearsedQuery,
  standing: Standing,
): Promise<Rehearsal> {
  const { projectId } = query.defaults;
  const tariff = tariffFor({ projectId, location: query.estimate.location }, policy.pricing);
  const asked = questionOn(policy, query, tariff);
  const coverages = policy.coverageOf({ caller: asked.caller, projectId });
  const balances = await standing(coverages, query.atMs);
  // What rules ask of budgets is how they stand; of tables and of history, what is not known.
  const question: Question = { ...asked, background: { balances } };
  const { id, slotMs } = query;
  const judged = { ...question, id, slotMs, policy, tariff, verdict: policy.decide(question) };
  const said = askBudgets(judged, coverages, balances);
  const cause = causeOf(judged.verdict, said);
  return {
    ...judged,
    opinions: policy.opinionsOn(question),
    balances,
    budgets: said,
    cause,
    message: messageOf(judged, cause, balances),
  };
}

function questionOn(policy: Policy, query: RehearsedQuery, tariff: Tariff): Question {
  const { sql, defaults, estimate, hints, language, atMs, slotMs } = query;
  const own = policy.teamOf(estimate.principal);
  const team: Team = language === undefined ? own : { ...own, language };
  return {
    reading: readSql(sql, defaults),
    estimate,
    cost: costOf({ bytesBilled: estimate.bytesBilled, slotMs }, tariff),
    caller: { ...hints, principal: estimate.principal, team: team.name },
    team,
    atMs,
  };
}

function causeOf(verdict: Verdict, { outcome }: BudgetsAnswer): RefusalCause | null {
  if (verdict.outcome === 'deny')
    return { by: 'rule', hits: verdict.hits.filter(({ mode }) => mode === 'deny') };
  if (outcome.reserved) return null;
  const { balance, asked } = outcome;
  const { whenExceeded } = balance.budget;
  const only = typeof whenExceeded === 'string' ? [] : whenExceeded.only;
  const caughtBy = verdict.hits.filter(({ rule }) => only.includes(rule));
  const waited = balance.budget.limit.measure === 'at once' ? 'too long' : null;
  return { by: 'budget', balance, asked, waited, caughtBy };
}

function messageOf(judged: Judged, cause: RefusalCause | null, balances: readonly BudgetBalance[]): string {
  const { verdict, policy, team, estimate, cost, slotMs } = judged;
  if (cause === null) {
    const warnings = verdict.hits.filter(({ mode }) => mode === 'warn');
    return warnings.map(({ message }) => message).join('\n');
  }
  const refusal: Refusal = {
    decisionId: judged.id,
    cause,
    estimate: { bytesBilled: estimate.bytesBilled, cost, slotMs, queries: 1n },
    balances: balances.filter(({ budget }) => budget.whenExceeded !== 'warn'),
    // Measuring them takes dry runs, which a rehearsal does not make.
    rewrites: [],
  };
  return refusalMessage(refusal, team.language, policy.pricing);
}
