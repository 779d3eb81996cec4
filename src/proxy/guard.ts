import { newDecisionId } from '../vocabulary/decision-id.ts';
import { isUpperBound, mayRunInPart } from '../vocabulary/estimate.ts';
import type { Exchange } from './exchange.ts';
import type { Admitted, Read } from './passage.ts';
import type { QueryJob } from './request/job/query-job.ts';
import type { Stages } from './stages.ts';
import { CapNotAdmitted } from './steps/capped.ts';
import type { PricingWay } from './steps/estimate.ts';
import type { Forwarded } from './steps/forward.ts';
import { decide, estimate, forward, identify, read, record, reserve, settle, tell } from './steps/traced.ts';
import { Stop } from './stop.ts';
import { relay } from './upstream/relay.ts';
import { UpstreamUnreachable } from './upstream/upstream-failures.ts';

/** Takes one query from its arrival to its record. Resolves when it is settled, which may be after its answer. */
export type Guard = (job: QueryJob, exchange: Exchange) => Promise<void>;

/**
 * The path of a query. Each step takes the findings of those before it and adds its own; a step that says no throws a
 * `Stop`, which holds the client's answer and is recorded before it is sent.
 */
export function createGuard(stages: Stages): Guard {
  return (job, exchange) =>
    stages.tracing.query(exchange.request.headers, async (trace) => {
      const identified = identify(trace, exchange, job, stages.policy());
      // For whoever answers and logs errors from here on.
      exchange.response.locals['decisionId'] = identified.id;
      await letThrough(await read(identified, stages), exchange);
    });

  async function letThrough(query: Read, exchange: Exchange): Promise<void> {
    const first = await admit(query, canBeSentAgain(query) ? 'trusting' : 'afresh');
    const { admitted, forwarded } = await sendUntilItFits(query, first, exchange);
    const settled = settle(admitted, { kind: 'answered', ...forwarded }, stages);
    await relay(forwarded.answer, exchange.response, answerHeaders(admitted));
    await settled;
  }

  async function admit(query: Read, how: PricingWay): Promise<Admitted> {
    try {
      const priced = await estimate(query, stages, how);
      void stages.orphans.lookAs({ principal: priced.caller.principal, asker: priced.asker });
      const judged = await decide(priced, stages);
      const admitted = await reserve(judged, stages);
      tell(admitted, stages);
      return admitted;
    } catch (error) {
      // The cap was a guess at the query's cost. Nobody is refused because of a guess: the query is now priced, and
      // judged by its price.
      if (error instanceof CapNotAdmitted) return admit(asIfLater(query, error.waitedMs), 'remembered');
      if (error instanceof Stop && error.decision !== null) await record(query.trace, error.decision, stages);
      throw error;
    }
  }

  async function send(admitted: Admitted, exchange: Exchange): Promise<Forwarded> {
    const sent = stages.repeats.sameAsBefore(admitted);
    try {
      return await forward(admitted, sent, exchange, stages);
    } catch (error) {
      await settle(
        admitted,
        wasNeverSent(error) ? { kind: 'not run', errorReason: 'unreachable' } : { kind: 'unheard of', sent },
        stages,
      );
      throw error;
    }
  }

  /** A statement stopped by its cap costs nothing, so it is priced and sent again, as long as that may let more through. */
  async function sendUntilItFits(
    query: Read,
    first: Admitted,
    exchange: Exchange,
  ): Promise<{ readonly admitted: Admitted; readonly forwarded: Forwarded }> {
    const tried: PricingWay[] = [];
    let admitted = first;
    for (;;) {
      const forwarded = await send(admitted, exchange);
      const how = forwarded.capTooTight ? nextPricing(admitted, tried) : null;
      if (how === null) return { admitted, forwarded };
      await settle(admitted, { kind: 'not run', errorReason: 'bytesBilledLimitExceeded' }, stages);
      stages.repeats.forget(admitted);
      admitted = await admit(onceMore(query, admitted), how);
      tried.push(how);
    }
  }
}

/** What it has waited for a place is part of no step, nor of the guard's overhead. */
function asIfLater(query: Read, waitedMs: number): Read {
  const { arrivedAt, readAt = arrivedAt } = query;
  return {
    ...query,
    arrivedAt: arrivedAt + waitedMs,
    readAt: readAt + waitedMs,
    waitedBeforeMs: waitedMs,
  };
}

/**
 * A query that is sent again, for a decision of its own: what went before it is part of the decision that it had, but its client
 * has waited all along.
 */
function onceMore(query: Read, { waitedBeforeMs = 0, waitedMs = 0 }: Admitted): Read {
  const arrivedAt = performance.now();
  return {
    ...query,
    id: newDecisionId(),
    atMs: Date.now(),
    arrivedAt,
    readAt: arrivedAt,
    waitedBeforeMs: waitedBeforeMs + waitedMs,
  };
}

/**
 * How to price a query that its cap has stopped: afresh if its estimate was remembered, since that may be out of date. A fresh
 * estimate was too low in itself, as for tables that no dry run names, and counts as a lower bound from here on, unless a rule
 * or the client set the cap. Null if it stays stopped.
 */
function nextPricing(admitted: Admitted, tried: readonly PricingWay[]): PricingWay | null {
  const { estimate, estimateSource, cap, reserved } = admitted;
  if (mayRunInPart(estimate) || tried.includes('distrusted')) return null;
  if (estimateSource !== 'dry run' && !tried.includes('afresh')) return 'afresh';
  return isUpperBound(estimate) && cap >= reserved.bytesBilled ? 'distrusted' : null;
}

/**
 * Whether a query stopped by its cap could be sent again unnoticed: after jobs.insert nobody is waiting, and part of a
 * script may have run. Any other query is priced again in any case.
 */
function canBeSentAgain({ job, reading }: Read): boolean {
  return job.method !== 'jobs.insert' && reading.statement !== 'SCRIPT';
}

/** If it may have been sent, something may have run. */
function wasNeverSent(error: unknown): boolean {
  return error instanceof Stop && error.cause instanceof UpstreamUnreachable && error.cause.neverSent;
}

function answerHeaders(admitted: Admitted): Record<string, string> {
  const warnings = admitted.verdict.hits.filter((hit) => hit.mode === 'warn').map((hit) => hit.rule);
  return {
    'x-guardrail-decision-id': admitted.id,
    ...(warnings.length === 0 ? {} : { 'x-guardrail-warnings': warnings.join(', ') }),
  };
}
