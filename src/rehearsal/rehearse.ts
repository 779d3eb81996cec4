import { estimateAsRead } from '../estimate/as-read/as-read.ts';
import { withHiddenRows } from '../estimate/as-read/hidden-rows.ts';
import { type DefinitionSources, lookBehind } from '../estimate/definitions/look-behind.ts';
import type { Language } from '../foundation/text/language.ts';
import { refusalMessage } from '../policy/messages/messages.ts';
import type { Background, Policy, Question } from '../policy/policy.ts';
import type { RuleOpinion } from '../policy/rules/opinions.ts';
import { slotTimeMatters, unknownSlotMs } from '../policy/slot-time.ts';
import { readSql } from '../sql/read-sql.ts';
import type { NameDefaults } from '../sql/table-names.ts';
import { mayLeaveReservation } from '../sql/tokens/may-leave-reservation.ts';
import { mayMakeModel } from '../sql/tokens/may-make-model.ts';
import type { Coverage } from '../vocabulary/budget.ts';
import type { CallerHints } from '../vocabulary/caller.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { FingerprintHistory } from '../vocabulary/fingerprint-history.ts';
import { foreseenModels } from '../vocabulary/models.ts';
import type { Currency } from '../vocabulary/money.ts';
import type { Team, Verdict } from '../vocabulary/policy.ts';
import { costOf, type Tariff, tariffFor } from '../vocabulary/pricing.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import { type Refusal, type RefusalCause, refuserIn } from '../vocabulary/refusal.ts';
import type { RoutineDefinition, RoutineReference } from '../vocabulary/routine.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { TableDefinition } from '../vocabulary/table-definition.ts';
import { askBudgets, type BudgetsAnswer } from './ask-budgets.ts';
import type { JudgedQuery } from './judged-query.ts';

/** A query that is not sent. */
export interface RehearsedQuery {
  /** Used in place of the decision's ID. */
  readonly id: string;
  readonly sql: string;
  readonly defaults: NameDefaults;
  readonly atMs: number;
  /** Its principal is the caller. */
  readonly estimate: Estimate;
  readonly hints: CallerHints;
  /** The language of the answer; by default the team's. */
  readonly language?: Language;
}

/** What the ledger and the warehouse would tell the guard about a query. Only what matters is asked for. */
export interface RehearsalLookups {
  /** The state of the budgets that cover it. */
  balances(coverages: readonly Coverage[], atMs: number): Promise<readonly BudgetBalance[]>;
  /** Null if the table is not known. */
  definitionOf(table: TableReference): Promise<TableDefinition | null>;
  /** Null if the function or procedure is not known. */
  routineOf(routine: RoutineReference): Promise<RoutineDefinition | null>;
  /** Null if the past is not known. */
  historyOf(fingerprint: string, currency: Currency): Promise<FingerprintHistory | null>;
  /** What the same query needed before, in slot-milliseconds; null if it never ran. */
  expectedSlotMs(fingerprint: string): Promise<bigint | null>;
}

/** What the guard would do with a query. */
export interface Rehearsal extends JudgedQuery {
  readonly opinions: readonly RuleOpinion[];
  /** Every budget that covers it, as it was found. */
  readonly balances: readonly BudgetBalance[];
  /** What the budgets would say; the guard asks them only if no rule denies. */
  readonly budgets: BudgetsAnswer;
  /** Null if it would run. */
  readonly cause: RefusalCause | null;
  /** The message to people: why it is refused, or what rules warn about. Empty if there would be none. */
  readonly message: string;
}

/**
 * Takes a query through the stages that decide on it, with the guard's own code, without running or reserving anything.
 */
export async function rehearse(
  policy: Policy,
  query: RehearsedQuery,
  lookups: RehearsalLookups,
): Promise<Rehearsal> {
  const { projectId } = query.defaults;
  const { location, statementType } = query.estimate;
  const models = foreseenModels(statementType, () => mayMakeModel(query.sql));
  const tariff = tariffFor({ projectId, location, models }, policy.pricing, () =>
    mayLeaveReservation(query.sql),
  );
  const reading = readSql(query.sql, query.defaults);
  const estimate = await withHiddenRows(estimateAsRead(query.estimate, reading), reading, (priced) =>
    lookBehind(priced, behind(lookups)),
  );
  const slotMs = slotTimeMatters(policy.budgets, tariff)
    ? ((await lookups.expectedSlotMs(reading.fingerprint)) ?? unknownSlotMs(policy.pricing))
    : 0n;
  const baseQuestion = questionOn(policy, { ...query, estimate }, { reading, tariff, slotMs });
  const coverages = policy.coverageOf({ caller: baseQuestion.caller, projectId });
  const balances = await lookups.balances(coverages, query.atMs);
  const question: Question = {
    ...baseQuestion,
    background: await backgroundOf(policy, baseQuestion, balances, lookups),
  };
  const judged = { ...question, id: query.id, slotMs, policy, tariff, verdict: policy.decide(question) };
  const budgetsAnswer = askBudgets(judged, coverages, balances);
  const cause = causeOf(judged.verdict, budgetsAnswer);
  return {
    ...judged,
    opinions: policy.opinionsOn(question),
    balances,
    budgets: budgetsAnswer,
    cause,
    message: messageOf(judged, cause, balances),
  };
}

function questionOn(
  policy: Policy,
  { estimate, hints, language, atMs }: RehearsedQuery,
  {
    reading,
    tariff,
    slotMs,
  }: { readonly reading: SqlReading; readonly tariff: Tariff; readonly slotMs: bigint },
): Question {
  const callerTeam = policy.teamOf(estimate.principal);
  const team: Team = language === undefined ? callerTeam : { ...callerTeam, language };
  return {
    reading,
    estimate,
    cost: costOf({ bytesBilled: estimate.bytesBilled, slotMs }, tariff),
    caller: { ...hints, principal: estimate.principal, team: team.name },
    team,
    atMs,
  };
}

/** What the rules need for the query, looked up as the guard would. */
async function backgroundOf(
  policy: Policy,
  question: Question,
  balances: readonly BudgetBalance[],
  lookups: RehearsalLookups,
): Promise<Background> {
  const { definitionOf, historyOf } = lookups;
  const sources = policy.sourcesFor(question);
  const found = await Promise.all(sources.definitions.map(definitionOf));
  const definitions = new Map(
    found.flatMap((definition) => (definition === null ? [] : [[tableName(definition.table), definition]])),
  );
  const hiddenCalls = sources.hiddenCalls ? await lookBehind(question, behind(lookups)) : null;
  const history = sources.history
    ? await historyOf(question.reading.fingerprint, policy.pricing.currency)
    : null;
  return {
    balances,
    definitions,
    ...(hiddenCalls === null ? {} : { hiddenCalls }),
    ...(history === null ? {} : { history }),
  };
}

function behind({ definitionOf, routineOf }: RehearsalLookups): DefinitionSources {
  return { tableOf: definitionOf, routineOf, read: readAtOnce };
}

async function readAtOnce(sql: string, projectId: string): Promise<SqlReading> {
  return readSql(sql, { projectId, defaultDataset: null });
}

function causeOf(verdict: Verdict, { outcome }: BudgetsAnswer): RefusalCause | null {
  if (verdict.outcome === 'deny')
    return { by: 'rule', hits: verdict.hits.filter(({ mode }) => mode === 'deny') };
  if (outcome.reserved) return null;
  const { balance, asked: requested } = outcome;
  const { whenExceeded } = balance.budget;
  const only = typeof whenExceeded === 'string' ? [] : whenExceeded.only;
  const matchedRules = verdict.hits.filter(({ rule }) => only.includes(rule));
  const waited = balance.budget.limit.measure === 'at once' ? 'too long' : null;
  return { by: 'budget', balance, requested, waited, matchedRules };
}

function messageOf(
  judged: JudgedQuery,
  cause: RefusalCause | null,
  balances: readonly BudgetBalance[],
): string {
  const { verdict, policy, team, estimate, cost, slotMs } = judged;
  if (cause === null) {
    const warnings = verdict.hits.filter(({ mode }) => mode === 'warn');
    return warnings.map(({ message }) => message).join('\n');
  }
  const refusal: Refusal = {
    decisionId: judged.id,
    // Nothing is recorded, so it has no page.
    page: null,
    cause,
    contacts: policy.contactsFor(refuserIn(cause), team.name),
    estimate: { bytesBilled: estimate.bytesBilled, cost, slotMs, queries: 1n },
    balances: balances.filter(({ budget }) => budget.whenExceeded !== 'warn'),
    // Measuring them takes dry runs, which a rehearsal does not make.
    rewrites: [],
  };
  return refusalMessage(refusal, team.language, policy.pricingAt(judged.atMs));
}
