import type { RewriteStore } from '../advice/rewrite-store.ts';
import type { GrantRequests } from '../books/grants/grant-requests.ts';
import type { Grants } from '../books/grants/grants.ts';
import type { ResilientBooks } from '../books/outage/resilient-books.ts';
import type { Spool } from '../books/outage/spool.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Replica } from '../budget/replicas.ts';
import type { Turnstile } from '../budget/turnstile/turnstile.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Notices } from '../notices/notices.ts';
import type { PolicyError } from '../policy/document/errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { Lineage } from '../records/lineage/lineage.ts';
import type { Records } from '../records/records.ts';
import type { Reconciliation } from '../reports/reconciliation/kept-reconciliations.ts';
import type { Access } from './access/access.ts';
import type { LiveFeed } from './live/live-feed.ts';
import type { ApiQuestions } from './questions.ts';

/** Where the operators' port gets what it shows. */
export interface OpsSources {
  readonly policy: () => Policy;
  /** The errors of a rejected policy edit that has not been corrected, or null. */
  readonly rejectedPolicy: () => readonly PolicyError[] | null;
  readonly books: Pick<ResilientBooks, 'failure'>;
  readonly budgets: Budgets;
  readonly records: Records;
  readonly rewriteStore: Pick<RewriteStore, 'ofDecision'>;
  /** The time zone in which days begin where none is asked for. */
  readonly reportsTimeZone: () => string;
  readonly grants: Grants;
  readonly grantRequests: GrantRequests;
  readonly notices: Notices;
  /** What the last reconciliation found; null if there was none. */
  readonly lastReconciliation: () => Promise<Reconciliation | null>;
  /** Null if lineage is off. */
  readonly lineage: Pick<Lineage, 'backlog'> | null;
  /** What happens to queries while the ledger fails. */
  readonly onLedgerFailure: 'deny' | 'allow_capped';
  /** Entries that wait until the ledger is back. */
  readonly spool: Pick<Spool, 'size'>;
  /** Why no SQL reader process can start; null while one can read, or may do so yet. */
  readonly readerProblem: () => string | null;
  readonly turnstile: Pick<Turnstile, 'waiting'>;
  readonly access: Access;
  /** Answered outside the thread that guards queries. */
  readonly questions: ApiQuestions;
  /** Shows passing queries to those who watch. */
  readonly live: LiveFeed;
  /** This process, among those that share the ledger. */
  readonly replica: Pick<Replica, 'id' | 'living'>;
  readonly metrics: Metrics;
}
