import { Temporal } from 'temporal-polyfill';
import type { Caller } from '../vocabulary/caller.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import { MICROS_PER_UNIT, type Money } from '../vocabulary/money.ts';
import type { Team } from '../vocabulary/policy.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { Catalog } from './catalog.ts';
import { type TableFacts, tableFacts } from './table-facts.ts';

/** What is asked of the policy about one query. */
export interface Question {
  readonly reading: SqlReading;
  readonly estimate: Estimate;
  readonly cost: Money;
  readonly caller: Caller;
  readonly team: Team;
  readonly atMs: number;
  /** Where a past query is judged anew: the instant at which dates, exemptions and roll-outs of rules are looked at. */
  readonly rulesAtMs?: number;
}

/** What conditions are evaluated over. Names and types as `conditions.ts` declares them; CEL's int is a bigint. */
export interface Facts {
  readonly query: {
    readonly statement_type: string;
    readonly read: boolean;
    readonly star: boolean;
    readonly limit: bigint;
    readonly fingerprint: string;
    readonly bytes_processed: bigint;
    readonly bytes_billed: bigint;
    readonly accuracy: string;
    readonly cost: number;
    readonly tables: readonly TableFacts[];
  };
  readonly caller: Readonly<Record<'principal' | 'team' | 'person' | 'dashboard' | 'card' | 'tool', string>>;
  readonly now: { readonly hour: bigint; readonly weekday: bigint; readonly date: string };
}

/** The facts of one query; what is not known is an empty text, or -1. */
export function factsOf(question: Question, catalog: Catalog, timeZone: string): Facts {
  const { reading, estimate, cost, caller, team, atMs } = question;
  const now = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return {
    query: {
      statement_type: estimate.statementType,
      read: reading.reader !== 'none',
      star: reading.star,
      limit: BigInt(Math.trunc(reading.limit ?? -1)),
      fingerprint: reading.fingerprint,
      bytes_processed: estimate.bytesProcessed,
      bytes_billed: estimate.bytesBilled,
      accuracy: estimate.accuracy,
      cost: Number(cost.micros) / Number(MICROS_PER_UNIT),
      tables: tableFacts(reading.tables, estimate.referencedTables, catalog),
    },
    caller: {
      principal: caller.principal ?? '',
      team: team.name,
      person: caller.person ?? '',
      dashboard: caller.dashboard ?? '',
      card: caller.card ?? '',
      tool: caller.tool ?? '',
    },
    now: {
      hour: BigInt(now.hour),
      weekday: BigInt(now.dayOfWeek),
      date: now.toPlainDate().toString(),
    },
  };
}
