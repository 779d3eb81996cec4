import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { antiPatternsOf } from '../../vocabulary/antipatterns/antipatterns-of.ts';
import type { Budget } from '../../vocabulary/budget.ts';
import type { Caller } from '../../vocabulary/caller.ts';
import { type Estimate, TABLES_MAY_BE_MISSING_FROM } from '../../vocabulary/estimate.ts';
import type { FingerprintHistory } from '../../vocabulary/fingerprint-history.ts';
import { namesToOpen, notLookedBehind } from '../../vocabulary/hidden-calls.ts';
import { MICROS_PER_UNIT, type Money } from '../../vocabulary/money.ts';
import type { Team } from '../../vocabulary/policy.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { Catalog } from '../catalog.ts';
import { type BudgetFacts, budgetFacts } from './budget-facts.ts';
import type { Background } from './fact-sources.ts';
import { type LocalTime, localTime } from './local-time.ts';
import { outsideServices } from './outside-services.ts';
import { partitionColumnOf, type TableFacts, type TableKnowledge, tableFacts } from './table-facts.ts';

/** What the policy is asked about one query. */
export interface Question {
  readonly reading: SqlReading;
  readonly estimate: Estimate;
  readonly cost: Money;
  readonly caller: Caller;
  readonly team: Team;
  readonly atMs: number;
  /** Other findings about the query, of those that `sourcesFor` asks for. */
  readonly background?: Background;
  /** When a past query is judged again: the instant used for the dates, exemptions and roll-outs of rules. */
  readonly rulesAtMs?: number;
  /** The decision on the query, which is reported if a rule fails. */
  readonly decisionId?: string;
}

/** What conditions are evaluated over. Names and types as declared in `fact-types.ts`; CEL's int is a bigint. */
export interface Facts {
  readonly query: {
    readonly statement_type: string;
    readonly read: boolean;
    readonly star: boolean;
    readonly limit: bigint;
    readonly joins_without_condition: bigint;
    readonly subqueries: bigint;
    readonly functions: readonly string[];
    readonly outside_services: readonly string[];
    readonly routines: readonly string[];
    readonly unread_definitions: readonly string[];
    readonly antipatterns: readonly string[];
    readonly fingerprint: string;
    readonly bytes_processed: bigint;
    readonly bytes_billed: bigint;
    readonly accuracy: string;
    readonly cost: number;
    readonly cached: boolean;
    readonly tables: readonly TableFacts[];
    readonly tables_complete: boolean;
  };
  readonly caller: Readonly<Record<'principal' | 'team' | 'person' | 'dashboard' | 'card' | 'tool', string>>;
  readonly now: { readonly hour: bigint; readonly weekday: bigint; readonly date: string };
  readonly history: {
    readonly known: boolean;
    readonly runs: bigint;
    readonly median_cost: number;
    readonly p95_cost: number;
    readonly last_seen_hours: number;
  };
  /** By name; only those that some rule asks for. */
  readonly budgets: Readonly<Record<string, BudgetFacts>>;
}

/** What the policy itself knows. */
export interface PolicyContext {
  readonly catalog: Catalog;
  readonly timeZone: string;
  /** The budgets that some rule asks for. */
  readonly budgets: readonly Budget[];
}

/** The facts of one query; unknown ones are an empty text, or -1. */
export function factsOf(question: Question, { catalog, timeZone, budgets }: PolicyContext): Facts {
  const { background = {}, atMs } = question;
  return {
    query: queryFacts(question, { catalog, definitions: background.definitions ?? new Map() }),
    caller: callerFacts(question),
    now: nowFacts(localTime(atMs, timeZone)),
    history: historyFacts(background.history ?? null, atMs),
    budgets: budgetFacts(budgets, background.balances ?? null),
  };
}

function queryFacts(
  { reading, estimate, cost, background }: Question,
  knowledge: TableKnowledge,
): Facts['query'] {
  const findings = antiPatternsOf(
    reading,
    (table) => partitionColumnOf(table, knowledge),
    (table) => knowledge.definitions.get(tableName(table))?.bytes ?? null,
  );
  const hidden = background?.hiddenCalls ?? notLookedBehind(namesToOpen(reading, estimate));
  return {
    statement_type: estimate.statementType,
    read: reading.reader !== 'none',
    star: reading.star,
    limit: BigInt(Math.trunc(reading.limit ?? -1)),
    joins_without_condition: BigInt(reading.joinsWithoutCondition),
    subqueries: BigInt(reading.subqueries),
    functions: reading.functions,
    outside_services: each(
      outsideServices([...reading.functions, ...hidden.functions]),
      hidden.outsideRoutines,
    ),
    routines: each(estimate.referencedRoutines ?? [], hidden.routines),
    unread_definitions: hidden.unread,
    antipatterns: [...new Set(findings.map(({ name }) => name))],
    fingerprint: reading.fingerprint,
    bytes_processed: estimate.bytesProcessed,
    bytes_billed: estimate.bytesBilled,
    accuracy: estimate.accuracy,
    cost: unitsOf(cost),
    cached: estimate.resultCached ?? false,
    tables: tableFacts(reading, estimate, knowledge),
    tables_complete: estimate.referencedTables.length < TABLES_MAY_BE_MISSING_FROM,
  };
}

/** Each of both once. */
function each(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}

function callerFacts({ caller, team }: Question): Facts['caller'] {
  return {
    principal: caller.principal ?? '',
    team: team.name,
    person: caller.person ?? '',
    dashboard: caller.dashboard ?? '',
    card: caller.card ?? '',
    tool: caller.tool ?? '',
  };
}

function nowFacts({ hour, weekday, date }: LocalTime): Facts['now'] {
  return { hour: BigInt(hour), weekday: BigInt(weekday), date };
}

function historyFacts(history: FingerprintHistory | null, atMs: number): Facts['history'] {
  const { runs = 0, medianCost = null, p95Cost = null, lastSeenMs = null } = history ?? {};
  return {
    known: history !== null,
    runs: BigInt(runs),
    median_cost: medianCost === null ? -1 : unitsOf(medianCost),
    p95_cost: p95Cost === null ? -1 : unitsOf(p95Cost),
    last_seen_hours: lastSeenMs === null ? -1 : Math.max(0, atMs - lastSeenMs) / HOUR_MS,
  };
}

/** For thresholds, not for accounting. */
function unitsOf({ micros }: Money): number {
  return Number(micros) / Number(MICROS_PER_UNIT);
}
