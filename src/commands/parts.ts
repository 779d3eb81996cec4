import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createAdvisor } from '../advice/advisor.ts';
import { createKeptRewrites } from '../advice/kept-rewrites.ts';
import { createBooks, decisionOf } from '../books/books.ts';
import { createGrantRequests } from '../books/grant-requests.ts';
import { createGrants } from '../books/grants.ts';
import { createLastingBooks } from '../books/lasting-books.ts';
import { openSpool, type Spool } from '../books/spool.ts';
import { type Budgets, createBudgets } from '../budget/budgets.ts';
import { createReplica } from '../budget/replicas.ts';
import { createTurnstile } from '../budget/turnstile.ts';
import { createDryRun } from '../estimate/dry-run.ts';
import { createEstimates } from '../estimate/estimates.ts';
import { createTableDefinitions } from '../estimate/table-definitions.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createDelivery } from '../notices/deliver.ts';
import { createNotices } from '../notices/notices.ts';
import { createAccess } from '../ops/access/access.ts';
import { createLiveFeed } from '../ops/live/live-feed.ts';
import { timeZoneOf } from '../policy/time-zone.ts';
import type { PolicyWatch } from '../policy/watch.ts';
import { createJobFinder } from '../proxy/answer/find-job.ts';
import { createJobFollower } from '../proxy/answer/follow-job.ts';
import { createOrphanSettler } from '../proxy/answer/orphans.ts';
import { createRepeats } from '../proxy/repeats.ts';
import { createThresholds } from '../proxy/thresholds.ts';
import { createUpstream } from '../proxy/upstream.ts';
import { latestReconciliation } from '../reconciliation/kept-reconciliations.ts';
import { createDecisionFeed } from '../records/decision-feed.ts';
import { createFingerprintHistories } from '../records/fingerprint-history.ts';
import { feedFromLedger } from '../records/recent-events.ts';
import { createRecords } from '../records/records.ts';
import { repeatedRuns, type SameQuery } from '../records/repeated-runs.ts';
import { createSlotHistory } from '../records/slot-history.ts';
import { createSavings } from '../savings/savings.ts';
import type { Settings } from '../settings/settings.ts';
import { createReader, type Reader } from '../sql/reader.ts';
import { NO_TRACING, type OnSpans, type Tracing } from '../tracing/tracing.ts';
import { createConsoleProcesses } from './console-process.ts';
import { lineageTo } from './lineage.ts';
import { principalFallback } from './principal.ts';

/** What is there before the rest is made. */
interface Ground {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly watch: PolicyWatch;
  readonly reader: Reader;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
}

/** What a guardrail is made of. */
export type Parts = Awaited<ReturnType<typeof partsIn>>;

/** Makes the parts of a guardrail over an open ledger; none of them runs yet. */
export async function partsIn(ledger: Ledger, ground: Ground) {
  const { settings, metrics } = ground;
  const spool = await openSpool(settings.ledgerSpool);
  const budgets = createBudgets({ ledger });
  const books = lastingBooks(ledger, spool, ground);
  return {
    ...ground,
    ledger,
    spool,
    books,
    budgets,
    records: createRecords({ ledger }),
    savings: createSavings({ ledger }),
    budgetsTimeZone: () => timeZoneOf(ground.watch.current()),
    lastReconciliation: () => latestReconciliation(ledger.read),
    grants: createGrants({ ledger }),
    grantRequests: createGrantRequests({ ledger }),
    ...tellingOfBudgets(ledger, budgets, ground),
    lineage: lineageTo(ledger, ground),
    ...watchingLive(ledger, ground),
    access: createAccess(settings.access, ground.log),
    replica: createReplica(ledger, randomUUID(), Date.now()),
    turnstile: createTurnstile(),
    consoleProcesses: await createConsoleProcesses(settings.ledger, ledger),
    ...tellingThePast(ledger, ground),
    estimates: createEstimates({
      dryRun: createDryRun({
        upstream: settings.upstream,
        timeoutMs: settings.dryRunTimeoutMs,
        signal: ground.stopping,
        onSeconds: (value, decision) =>
          metrics.dryRunSeconds.observe(
            decision === undefined ? { value } : { value, exemplarLabels: { decision } },
          ),
      }),
      ttlMs: settings.estimateTtlMs,
      maxEntries: settings.estimateEntries,
      principalOf: principalFallback(settings, metrics),
    }),
    definitions: createTableDefinitions({
      upstream: settings.upstream,
      timeoutMs: settings.tableDefinitionTimeoutMs,
      ttlMs: settings.tableDefinitionTtlMs,
      maxEntries: settings.estimateEntries,
      onFailure: () => metrics.upstreamErrors.inc({ stage: 'table definition' }),
    }),
    ...advising(ledger, ground),
    repeats: createRepeats(settings.estimateEntries),
    upstream: createUpstream(settings.upstream),
    tracing: await startTracing(ground),
    ...askingTheWarehouse(books, ground),
  };
}

/** What sends traces is loaded only where they are wanted. */
async function startTracing({ settings, metrics }: Ground): Promise<Tracing> {
  const { tracesEndpoint: endpoint, tracesSample: sample } = settings;
  if (endpoint === null) return NO_TRACING;
  const { createOtlpTracing } = await import('../tracing/otlp.ts');
  const onSpans: OnSpans = (outcome, spans) => metrics.traceSpans.inc({ outcome }, spans);
  return createOtlpTracing({ endpoint, sample, onSpans });
}

/** What tells those who watch of queries as they pass, here and in other processes. */
function watchingLive(ledger: Ledger, { log, metrics }: Ground) {
  const feed = createDecisionFeed();
  const live = createLiveFeed({
    feed,
    askOthers: (sinceMs) => feedFromLedger(ledger.read, feed, sinceMs),
    onError(error) {
      metrics.ledgerErrors.inc({ operation: 'feed' });
      log.error({ err: error }, 'those who watch decisions live could not be told of some');
    },
    onDropped: () => metrics.feedDropped.inc(),
    onListeners: (count) => metrics.feedListeners.set(count),
  });
  return { feed, live };
}

/** What the ledger knows of earlier runs. A query does without where it does not answer. */
function tellingThePast(ledger: Ledger, { settings, metrics }: Ground) {
  const reading = {
    ledger,
    maxEntries: settings.estimateEntries,
    onError: () => metrics.ledgerErrors.inc({ operation: 'history' }),
  };
  return { slotHistory: createSlotHistory(reading), histories: createFingerprintHistories(reading) };
}

/** Reads SQL, and counts how that goes. Its processes take their time to start, while the rest is made. */
export function startReader({
  settings,
  log,
  metrics,
}: Omit<Ground, 'reader' | 'watch' | 'stopping'>): Reader {
  return createReader({
    limits: {
      characters: settings.maxSqlCharacters,
      depth: settings.maxSqlDepth,
      milliseconds: settings.readTimeoutMs,
    },
    processes: settings.readProcesses,
    waitMs: settings.readWaitMs,
    onReading(outcome, seconds) {
      metrics.sqlReadings.inc({ outcome });
      metrics.sqlReadingSeconds.observe(seconds);
    },
    onReplaced(reason) {
      metrics.sqlReadersReplaced.inc();
      log.warn({ reason }, 'a process that reads SQL was replaced');
    },
  });
}

/** What asks the warehouse for jobs that have not told what they came to. */
function askingTheWarehouse(
  books: ReturnType<typeof lastingBooks>,
  { settings, log, watch, stopping: signal }: Ground,
) {
  const warehouse = { upstream: settings.upstream, signal };
  return {
    jobs: createJobFollower(warehouse),
    findJob: createJobFinder(warehouse),
    orphans: createOrphanSettler({
      ...warehouse,
      books,
      pricing: () => watch.current().pricing,
      onLook: (outcome) =>
        'error' in outcome
          ? log.warn({ err: outcome.error }, 'what another process left open could not be looked for')
          : log.info(outcome, 'what another process left open was looked for'),
    }),
  };
}

/** So many searches for rewrites at once ask the warehouse for some two hundred dry runs at the most. */
const MOST_SEARCHES = 32;

/** What finds cheaper forms of refused queries, and keeps them. */
function advising(ledger: Ledger, { settings, log }: Ground) {
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

/** What tells of budgets that reach a threshold; never in the way of a query. */
function tellingOfBudgets(ledger: Ledger, budgets: Budgets, { log, metrics, watch }: Ground) {
  const onError = (error: unknown) => {
    metrics.ledgerErrors.inc({ operation: 'notice' });
    log.error({ err: error }, 'a notice of a budget could not be entered; the next settlement tries again');
  };
  const notices = createNotices({ ledger, onError });
  return {
    notices,
    thresholds: createThresholds({
      budgets,
      notices,
      onError(error) {
        metrics.ledgerErrors.inc({ operation: 'balances' });
        log.error({ err: error }, 'whether budgets have reached a threshold could not be seen');
      },
    }),
    delivery: createDelivery({
      ledger,
      webhooks: () => watch.current().webhooks,
      onError,
      onAttempt(attempt) {
        metrics.noticeAttempts.inc({ webhook: attempt.webhook, outcome: attempt.outcome });
        if (attempt.problem === null) log.info(attempt, 'a webhook was told of a budget');
        else log.warn(attempt, 'a webhook did not take the notice of a budget');
      },
    }),
  };
}

function lastingBooks(ledger: Ledger, spool: Spool, { settings, log, metrics }: Ground) {
  metrics.ledgerUp.set(1);
  return createLastingBooks(createBooks({ ledger }), spool, {
    timeoutMs: settings.ledgerTimeoutMs,
    onFailure: settings.onLedgerFailure,
    onState(state, error) {
      metrics.ledgerUp.set(state === 'up' ? 1 : 0);
      if (state === 'up') log.info('the ledger is back');
      else log.error({ err: error }, 'the ledger fails');
    },
    onRejected(entry, error) {
      metrics.ledgerErrors.inc({ operation: 'catch up' });
      log.error(
        { err: error, entry: entry.kind, decision: decisionOf(entry) },
        'what waited for the ledger was not taken by it',
      );
    },
  });
}
