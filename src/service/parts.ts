import { randomUUID } from 'node:crypto';
import { createAdvisor } from '../advice/advisor.ts';
import { createRewriteStore } from '../advice/rewrite-store.ts';
import { createGrantRequests } from '../books/grants/grant-requests.ts';
import { createGrants } from '../books/grants/grants.ts';
import type { Spool } from '../books/outage/spool.ts';
import { createBudgets } from '../budget/budgets.ts';
import { createReplica } from '../budget/replicas.ts';
import { createTurnstile } from '../budget/turnstile/turnstile.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createAccess } from '../ops/access/access.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import { createRepeats } from '../proxy/repeats.ts';
import { createClockWatch } from '../proxy/upstream/clock.ts';
import { createUpstream } from '../proxy/upstream/upstream.ts';
import { repeatedRuns, type SameQuery } from '../records/history/repeated-runs.ts';
import { createRecords } from '../records/records.ts';
import { latestReconciliation } from '../reports/reconciliation/kept-reconciliations.ts';
import { createMonthSavings } from '../reports/savings/month-savings.ts';
import { NO_TRACING, type OnSpans, type Tracing } from '../tracing/tracing.ts';
import { historyParts, liveParts, noticeParts, resilientBooks } from './ledger-parts.ts';
import { configuredLineage } from './lineage.ts';
import { createConsoleProcesses } from './questions/console-process.ts';
import type { ServiceContext } from './service-context.ts';
import { jobParts, pricingParts } from './warehouse-parts.ts';

/** The parts of a guardrail. */
export type Parts = Awaited<ReturnType<typeof createParts>>;

/** Makes the parts of a guardrail over an open ledger and its spool. None of them is running yet. */
export async function createParts(ledger: Ledger, spool: Spool, context: ServiceContext) {
  const { settings } = context;
  const budgets = createBudgets({ ledger });
  const books = resilientBooks(ledger, spool, context);
  const clock = createClockWatch(context);
  const consoleProcesses = await createConsoleProcesses(settings.ledger, ledger);
  return {
    ...context,
    ledger,
    spool,
    books,
    budgets,
    grants: createGrants({ ledger }),
    grantRequests: createGrantRequests({ ledger }),
    records: createRecords({ ledger }),
    monthSavings: createMonthSavings({ report: consoleProcesses.questions.savings }),
    lastReconciliation: () => latestReconciliation(ledger.read),
    reportsTimeZone: () => timeZoneOf(context.watch.current()),
    replica: createReplica(ledger, randomUUID(), Date.now()),
    turnstile: createTurnstile(),
    ...historyParts(ledger, context),
    ...noticeParts(ledger, budgets, context),
    ...liveParts(ledger, context),
    lineage: configuredLineage(ledger, context),
    clock,
    upstream: createUpstream(settings.upstream, clock),
    repeats: createRepeats(settings.estimateEntries),
    ...pricingParts(context),
    ...jobParts(books, context),
    ...adviceParts(ledger, context),
    access: createAccess(settings.access, context.log),
    consoleProcesses,
    tracing: await startTracing(context),
  };
}

/** The tracing code is loaded only if traces are wanted. */
async function startTracing({ settings, metrics }: ServiceContext): Promise<Tracing> {
  const { tracesEndpoint: endpoint, tracesSample: sample } = settings;
  if (endpoint === null) return NO_TRACING;
  const { createOtlpTracing } = await import('../tracing/otlp.ts');
  const onSpans: OnSpans = (outcome, spans) => metrics.traceSpans.inc({ outcome }, spans);
  return createOtlpTracing({ endpoint, sample, onSpans });
}

/** This many concurrent searches for rewrites make at most some two hundred dry runs. */
const MAX_SEARCHES = 32;

/** Finds cheaper forms of refused queries, and keeps them. */
function adviceParts(ledger: Ledger, { settings, log }: ServiceContext) {
  return {
    advisor: createAdvisor({
      waitMs: settings.rewriteWaitMs,
      maxSearches: MAX_SEARCHES,
      onError: (error, decision) =>
        log.error({ err: error, decision }, 'rewrites of a refused query could not be found or kept'),
    }),
    rewriteStore: createRewriteStore({ ledger }),
    repeatedRuns: (query: SameQuery) => repeatedRuns(ledger.read, query),
  };
}
