import type { Logger } from 'pino';
import type { Advisor } from '../advice/advisor.ts';
import type { RewriteStore } from '../advice/rewrite-store.ts';
import type { Books } from '../books/books.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Turnstile } from '../budget/turnstile/turnstile.ts';
import type { RoutineDefinitions } from '../estimate/definitions/routine-definitions.ts';
import type { TableDefinitions } from '../estimate/definitions/table-definitions.ts';
import type { Estimates } from '../estimate/estimates.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Policy } from '../policy/policy.ts';
import type { FeedPublisher } from '../records/feed/decision-feed.ts';
import type { FingerprintHistories } from '../records/history/fingerprint-history.ts';
import type { repeatedRuns, SameQuery } from '../records/history/repeated-runs.ts';
import type { SlotHistory } from '../records/history/slot-history.ts';
import type { Reader } from '../sql/processes/reader.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { JobFinder } from './jobs/find-job.ts';
import type { JobFollower } from './jobs/follow-job.ts';
import type { OrphanSettler } from './jobs/orphans.ts';
import type { ScriptModels } from './jobs/script-models.ts';
import type { Repeats } from './repeats.ts';
import type { Thresholds } from './thresholds.ts';
import type { Upstream } from './upstream/upstream.ts';

/** What the guard's steps work with. */
export interface Stages {
  /** The policy in force now. */
  readonly policy: () => Policy;
  readonly reader: Reader;
  readonly estimates: Estimates;
  readonly definitions: TableDefinitions;
  readonly routines: RoutineDefinitions;
  /** Finds alternatives to a refused query. */
  readonly advisor: Advisor;
  readonly rewriteStore: RewriteStore;
  readonly budgets: Budgets;
  readonly books: Books;
  readonly slotHistory: SlotHistory;
  readonly histories: FingerprintHistories;
  readonly repeatedRuns: (query: SameQuery) => ReturnType<typeof repeatedRuns>;
  /** Called for each settlement. */
  readonly thresholds: Thresholds;
  /** Gets each decision and settlement, for those who watch. */
  readonly feed: FeedPublisher;
  /** Where queries wait for a place. */
  readonly turnstile: Turnstile;
  /** This process's name in the ledger. */
  readonly replica: string;
  readonly metrics: Metrics;
  /** Where each query's path is reported, if that is wanted. */
  readonly tracing: Tracing;
  readonly upstream: Upstream;
  readonly jobs: JobFollower;
  readonly findJob: JobFinder;
  readonly scriptModels: ScriptModels;
  readonly orphans: OrphanSettler;
  readonly repeats: Repeats;
  /** Where people reach the console, without a trailing slash; null if it is not configured. */
  readonly consoleUrl: string | null;
  /** A reservation that nothing has settled by then is charged in full. */
  readonly settleTimeoutMs: number;
  readonly log: Logger;
}
