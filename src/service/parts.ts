import { randomUUID } from 'node:crypto';
import { createAdvisor } from '../advice/advisor.ts';
import { createKeptRewrites } from '../advice/kept-rewrites.ts';
import { createGrantRequests } from '../books/grant-requests.ts';
import { createGrants } from '../books/grants.ts';
import type { Spool } from '../books/spool.ts';
import { createBudgets } from '../budget/budgets.ts';
import { createReplica } from '../budget/replicas.ts';
import { createTurnstile } from '../budget/turnstile.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createAccess } from '../ops/access/access.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import { createRepeats } from '../proxy/repeats.ts';
import { createUpstream } from '../proxy/upstream/upstream.ts';
import { latestReconciliation } from '../reconciliation/kept-reconciliations.ts';
import { createRecords } from '../records/records.ts';
import { repeatedRuns, type SameQuery } from '../records/repeated-runs.ts';
import { createSavings } from '../savings/savings.ts';
import { NO_TRACING, type OnSpans, type Tracing } from '../tracing/tracing.ts';
import { createConsoleProcesses } from './console-process.ts';
import type { Groundwork } from './groundwork.ts';
import { lastingBooks, tellingOfBudgets, tellingThePast, watchingLive } from './ledger-parts.ts';
import { lineageTo } from './lineage.ts';
import { askingTheWarehouse, pricingAtTheWarehouse } from './warehouse-parts.ts';

/** The parts of a guardrail. */
export type Parts = Awaited<ReturnType<typeof partsIn>>;

/** Makes the parts of a guardrail over an open ledger and its spool. None of them is running yet. */
export async function partsIn(ledger: Ledger, spool: Spool, ground: Groundwork) {
  const { settings } = ground;
  const budgets = createBudgets({ ledger });
  const books = lastingBooks(ledger, spool, ground);
  return {
    ...ground,
    ledger,
    spool,
    books,
    budgets,
    grants: createGrants({ ledger }),
    grantRequests: createGrantRequests({ ledger }),
    records: createRecords({ ledger }),
    savings: createSavings({ ledger }),
    lastReconciliation: () => latestReconciliation(ledger.read),
    budgetsTimeZone: () => timeZoneOf(ground.watch.current()),
    replica: createReplica(ledger, randomUUID(), Date.now()),
    turnstile: createTurnstile(),
    ...tellingThePast(ledger, ground),
    ...tellingOfBudgets(ledger, budgets, ground),
    ...watchingLive(ledger, ground),
    lineage: lineageTo(ledger, ground),
    upstream: createUpstream(settings.upstream),
    repeats: createRepeats(settings.estimateEntries),
    ...pricingAtTheWarehouse(ground),
    ...askingTheWarehouse(books, ground),
    ...advising(ledger, ground),
    access: createAccess(settings.access, ground.log),
    consoleProcesses: await createConsoleProcesses(settings.ledger, ledger),
    tracing: await startTracing(ground),
  };
}

/** The tracing code is loaded only if traces are wanted. */
async function startTracing({ settings, metrics }: Groundwork): Promise<Tracing> {
  const { tracesEndpoint: endpoint, tracesSample: sample } = settings;
  if (endpoint === null) return NO_TRACING;
  const { createOtlpTracing } = await import('../tracing/otlp.ts');
  const onSpans: OnSpans = (outcome, spans) => metrics.traceSpans.inc({ outcome }, spans);
  return createOtlpTracing({ endpoint, sample, onSpans });
}

/** This many concurrent searches for rewrites make at most some two hundred dry runs. */
const MOST_SEARCHES = 32;

/** Finds cheaper forms of refused queries, and keeps them. */
function advising(ledger: Ledger, { settings, log }: Groundwork) {
  return {
    advisor: createAdvisor({
      waitMs: settings.rewriteWaitMs,
      mostSearches: MOST_SEARCHES,
      onError: (error, decision) =>
        log.error({ err: error, decision }, 'rewrites of a refused query could not be found or kept'),
    }),
    keptRewrites: createKeptRewrites({ ledger }),
    repeatedRuns: (query: SameQuery) => repeatedRuns(ledger.read, query),
  };
}
