import type { Asker } from '../estimate/dry-run.ts';
import type { EstimateSource } from '../estimate/estimates.ts';
import type { Policy } from '../policy/policy.ts';
import { retained } from '../sql/tokens/retention.ts';
import type { Trace } from '../tracing/tracing.ts';
import type { TextSpan } from '../vocabulary/antipattern.ts';
import type { Coverage } from '../vocabulary/budget.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Caller, CallerHints } from '../vocabulary/caller.ts';
import type { Decision, Outcome } from '../vocabulary/decision.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { Money } from '../vocabulary/money.ts';
import type { SqlRetention, Team, Verdict } from '../vocabulary/policy.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import type { Spend } from '../vocabulary/spend.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { QueryJob } from './request/query-job.ts';

/** A query on its way through the guard: each step adds what it found out. */
export interface Identified {
  /** The decision's ID. Lower-case hex and dashes, so that it can be a label's value. */
  readonly id: string;
  readonly atMs: number;
  /** `performance.now()` at arrival. */
  readonly arrivedAt: number;
  readonly job: QueryJob;
  /** The SQL as it will be priced and sent: the client's, its leading remark moved into labels. */
  readonly sql: string;
  readonly remarkLabels: Readonly<Record<string, string>>;
  readonly asker: Asker;
  /** Aborted when the client hangs up before it has its answer. */
  readonly gone: AbortSignal;
  readonly hints: CallerHints;
  /** The policy in force when the query arrived; a reload does not change a passage under way. */
  readonly policy: Policy;
  readonly trace: Trace;
}

/** What its SQL says. */
export interface Read extends Identified {
  /** `performance.now()` when it was read; the same of the steps below. */
  readonly readAt?: number;
  readonly reading: SqlReading;
  /** False where nobody was free to read it: that says nothing of the SQL, so no rule can be asked about it. */
  readonly wasReadInTime: boolean;
}

/** What the warehouse says of it, and so who asks. */
export interface Priced extends Read {
  readonly pricedAt?: number;
  readonly estimate: Estimate;
  readonly estimateSource: EstimateSource;
  /** By what the query is paid for. */
  readonly tariff: Tariff;
  /** What it is expected to take, from what the same query took before. */
  readonly slotMs: bigint;
  readonly cost: Money;
  readonly caller: Caller;
  readonly team: Team;
}

/** What the rules say of it. */
export interface Judged extends Priced {
  readonly judgedAt?: number;
  readonly verdict: Verdict;
  /** How long it has stood in a queue for a place to run. */
  readonly waitedMs?: number;
}

/** What the budgets hold for it: from here on it has to be settled. */
export interface Admitted extends Judged {
  /** What the budgets hold for this query until it is settled. */
  readonly reserved: Spend;
  /** The budgets that pay. */
  readonly coverages: readonly Coverage[];
  /** The `maximumBytesBilled` to send. */
  readonly cap: Bytes;
  /** `performance.now()` then: what runs is timed by a clock that nobody sets. */
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
  // What it writes is told by the decision, since the SQL alone does not say all of it.
  const { writes: _ofTheDecision, ...reading } = retainedReading(asAsked(passage), sqlRetention);
  return {
    id: passage.id,
    atMs: passage.atMs,
    projectId: passage.job.projectId,
    caller: passage.caller ?? { ...passage.hints, principal: null, team: passage.policy.teamOf(null).name },
    sql: retained(passage.job.sql, sqlRetention),
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

/**
 * The spans of a reading count from the SQL without its leading remark; in the record they count from the SQL with
 * it.
 */
function asAsked({ reading, job, sql }: Read): SqlReading {
  const shift = job.sql.length - sql.length;
  if (shift === 0) return reading;
  const moved = ({ start, end }: TextSpan): TextSpan => ({ start: start + shift, end: end + shift });
  return {
    ...reading,
    antiPatterns: reading.antiPatterns.map((finding) => ({ ...finding, span: moved(finding.span) })),
  };
}

/** Each table once, as the SQL, the request and the warehouse name them. */
function writtenBy({ job, reading, estimate }: Read & Partial<Priced>): readonly TableReference[] {
  const named = [...(reading.writes ?? []), job.destination, estimate?.ddlTarget];
  const tables = named
    .filter((table) => table !== null && table !== undefined)
    // Hidden datasets hold results for a day.
    .filter(({ datasetId }) => !datasetId.startsWith('_'));
  return [...new Map(tables.map((table) => [tableName(table), table])).values()];
}

/** A parser that gives up may quote the SQL: where that is not kept as it is, its words are not either. */
function retainedReading(reading: SqlReading, retention: SqlRetention): SqlReading {
  if (retention === 'stored' || reading.unreadReason === null) return reading;
  return { ...reading, unreadReason: 'not kept, as the SQL is not' };
}
