import type { Asker } from '../estimate/dry-run.ts';
import type { EstimateSource } from '../estimate/estimates.ts';
import type { Policy } from '../policy/policy.ts';
import { applyRetention } from '../sql/tokens/sql-retention.ts';
import type { Trace } from '../tracing/tracing.ts';
import type { TextSpan } from '../vocabulary/antipatterns/antipattern.ts';
import type { Coverage } from '../vocabulary/budget.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Caller, CallerHints } from '../vocabulary/caller.ts';
import type { Decision, Outcome } from '../vocabulary/decision.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { ModelShare } from '../vocabulary/models.ts';
import type { Money } from '../vocabulary/money.ts';
import type { SqlRetention, Team, Verdict } from '../vocabulary/policy.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { Spend } from '../vocabulary/spend.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { QueryJob } from './request/job/query-job.ts';

/** A query on its way through the guard: each step adds its findings. */
export interface Identified {
  /** The decision's ID. Lower-case hex and dashes, so that it can be a label's value. */
  readonly id: string;
  readonly atMs: number;
  /** `performance.now()` at arrival. */
  readonly arrivedAt: number;
  readonly job: QueryJob;
  /** The SQL as it will be priced and sent: the client's, with its leading remark moved into labels. */
  readonly sql: string;
  readonly remarkLabels: Readonly<Record<string, string>>;
  readonly asker: Asker;
  /** Aborted when the client hangs up before it has its answer. */
  readonly gone: AbortSignal;
  readonly hints: CallerHints;
  /** The policy in force when the query arrived; a reload does not affect queries under way. */
  readonly policy: Policy;
  readonly trace: Trace;
}

/** What its SQL says. */
export interface Read extends Identified {
  /** `performance.now()` when it was read; likewise for the steps below. */
  readonly readAt?: number;
  readonly reading: SqlReading;
  /** False if nobody was free to read it: that says nothing about the SQL, so no rule can be asked about it. */
  readonly wasReadInTime: boolean;
  /** How long it waited for a place before what follows, which its wait from here on is shorter by. */
  readonly waitedBeforeMs?: number;
}

/** What the warehouse says about it, which includes who asks. */
export interface Priced extends Read {
  readonly pricedAt?: number;
  readonly estimate: Estimate;
  readonly estimateSource: EstimateSource;
  /** How much of it may go into models. */
  readonly models: ModelShare;
  /** How the query is paid for. */
  readonly tariff: Tariff;
  /** The slot time that it is expected to need, from what the same query needed before. */
  readonly slotMs: bigint;
  readonly cost: Money;
  readonly caller: Caller;
  readonly team: Team;
}

/** The rules' verdict on it. */
export interface Judged extends Priced {
  readonly judgedAt?: number;
  readonly verdict: Verdict;
  /** How long it has waited for a place. */
  readonly waitedMs?: number;
}

/** What the budgets hold for it: from here on it must be settled. */
export interface Admitted extends Judged {
  /** What the budgets hold for this query until it is settled. */
  readonly reserved: Spend;
  /** The budgets that pay. */
  readonly coverages: readonly Coverage[];
  /** The `maximumBytesBilled` to send. */
  readonly cap: Bytes;
  /** `performance.now()` then: what runs is timed by a monotonic clock. */
  readonly admittedAt: number;
  readonly decision: Decision;
}

/** The decision on a passage, as far as it came. */
export function decisionOn(
  passage: Read & Partial<Admitted>,
  outcome: Outcome,
  particulars: { readonly cause: string | null; readonly cap: Bytes | null },
): Decision {
  const { sqlRetention } = passage.policy;
  // The tables that it writes are in the decision, since the SQL alone does not show all of them.
  const {
    writes: _ofTheDecision,
    routines: _notRecorded,
    ...reading
  } = retainedReading(asAsked(passage), sqlRetention);
  return {
    id: passage.id,
    atMs: passage.atMs,
    projectId: passage.job.projectId,
    caller: passage.caller ?? { ...passage.hints, principal: null, team: passage.policy.teamOf(null).name },
    sql: applyRetention(passage.job.sql, sqlRetention),
    sqlRetention,
    reading,
    estimate: passage.estimate ?? null,
    estimatedCost: passage.cost ?? null,
    writes: writtenBy(passage),
    estimateCached: passage.estimateSource === 'cache',
    outcome,
    cause: particulars.cause,
    hits: passage.verdict?.hits ?? [],
    maximumBytesBilled: particulars.cap,
    overheadMs: performance.now() - passage.arrivedAt - (passage.waitedMs ?? 0),
    ...stepTimes(passage),
  };
}

function stepTimes({
  arrivedAt,
  readAt,
  pricedAt,
  judgedAt,
}: Read & Partial<Judged>): Pick<Decision, 'stepMs'> {
  if (readAt === undefined) return {};
  const estimate = pricedAt === undefined ? null : pricedAt - readAt;
  const decide = judgedAt === undefined || pricedAt === undefined ? null : judgedAt - pricedAt;
  return { stepMs: { read: readAt - arrivedAt, estimate, decide } };
}

/** The spans of a reading refer to the SQL without its leading remark; in the record they refer to the SQL with it. */
function asAsked({ reading, job, sql }: Read): SqlReading {
  const shift = job.sql.length - sql.length;
  if (shift === 0) return reading;
  const moved = ({ start, end }: TextSpan): TextSpan => ({ start: start + shift, end: end + shift });
  return {
    ...reading,
    antiPatterns: reading.antiPatterns.map((finding) => ({ ...finding, span: moved(finding.span) })),
  };
}

/**
 * Each table once, as named by the SQL, the request and the warehouse. What a procedure writes is written by whoever calls it,
 * and not when it is created alone.
 */
function writtenBy({ job, reading, estimate }: Read & Partial<Priced>): readonly TableReference[] {
  const inSql = estimate?.statementType === 'CREATE_PROCEDURE' ? [] : (reading.writes ?? []);
  const named = [...inSql, job.destination, estimate?.ddlTarget];
  const tables = named
    .filter((table) => table !== null && table !== undefined)
    // Hidden datasets keep results for a day.
    .filter(({ datasetId }) => !datasetId.startsWith('_'));
  return [...new Map(tables.map((table) => [tableName(table), table])).values()];
}

/** A parser that gives up may quote the SQL: if the SQL is not kept unchanged, neither is the parser's message. */
function retainedReading(reading: SqlReading, retention: SqlRetention): SqlReading {
  if (retention === 'stored' || reading.unreadReason === null) return reading;
  return { ...reading, unreadReason: 'not kept, as the SQL is not' };
}
