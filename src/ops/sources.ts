import type { KeptRewrites } from '../advice/kept-rewrites.ts';
import type { GrantRequests } from '../books/grant-requests.ts';
import type { Grants } from '../books/grants.ts';
import type { LastingBooks } from '../books/lasting-books.ts';
import type { Spool } from '../books/spool.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Replica } from '../budget/replicas.ts';
import type { Turnstile } from '../budget/turnstile.ts';
import type { Asks } from '../console/asks.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Notices } from '../notices/notices.ts';
import type { PolicyError } from '../policy/document/errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { Reconciliation } from '../reconciliation/kept-reconciliations.ts';
import type { Lineage } from '../records/lineage/lineage.ts';
import type { Records } from '../records/records.ts';
import type { Savings } from '../savings/savings.ts';
import type { Access } from './access/access.ts';
import type { LiveFeed } from './live/live-feed.ts';

/** What operators are shown comes from here. */
export interface OpsSources {
  readonly policy: () => Policy;
  /** The errors of a policy edit that was refused and is still there, or null. */
  readonly rejectedPolicy: () => readonly PolicyError[] | null;
  readonly books: Pick<LastingBooks, 'failure'>;
  readonly budgets: Budgets;
  readonly records: Records;
  readonly keptRewrites: Pick<KeptRewrites, 'of'>;
  readonly savings: Savings;
  /** Where the budgets' days begin, as far as they agree. */
  readonly budgetsTimeZone: () => string;
  readonly grants: Grants;
  readonly grantRequests: GrantRequests;
  readonly notices: Notices;
  /** What the last reconciliation found; null before there was one. */
  readonly lastReconciliation: () => Promise<Reconciliation | null>;
  /** Null where lineage is off. */
  readonly lineage: Pick<Lineage, 'waiting'> | null;
  /** What becomes of queries while the ledger fails. */
  readonly onLedgerFailure: 'deny' | 'allow_capped';
  /** Entries that wait for the ledger to be back. */
  readonly spool: Pick<Spool, 'size'>;
  /** Why no process that reads SQL can start; null while one can read, or may yet. */
  readonly readerProblem: () => string | null;
  readonly turnstile: Pick<Turnstile, 'waiting'>;
  readonly access: Access;
  /** What the console asks of the ledger, apart from the thread that guards queries. */
  readonly asks: Asks;
  /** Tells those who watch of queries as they pass. */
  readonly live: LiveFeed;
  /** This process, among those that share the ledger. */
  readonly replica: Pick<Replica, 'id' | 'living'>;
  readonly metrics: Metrics;
}
