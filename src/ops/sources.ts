import type { KeptRewrites } from '../advice/kept-rewrites.ts';
import type { Grants } from '../books/grants.ts';
import type { Spool } from '../books/spool.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Turnstile } from '../budget/turnstile.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Notices } from '../notices/notices.ts';
import type { PolicyError } from '../policy/errors.ts';
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
  readonly budgets: Budgets;
  readonly records: Records;
  readonly keptRewrites: Pick<KeptRewrites, 'of'>;
  readonly savings: Savings;
  /** Where the budgets' days begin, as far as they agree. */
  readonly budgetsTimeZone: () => string;
  readonly grants: Grants;
  readonly notices: Notices;
  /** What the last reconciliation found; null before there was one. */
  readonly lastReconciliation: () => Promise<Reconciliation | null>;
  /** Null where lineage is off. */
  readonly lineage: Pick<Lineage, 'waiting'> | null;
  /** What becomes of queries while the ledger fails. */
  readonly onLedgerFailure: 'deny' | 'allow_capped';
  /** Entries that wait for the ledger to be back. */
  readonly spool: Pick<Spool, 'size'>;
  readonly turnstile: Pick<Turnstile, 'waiting'>;
  readonly access: Access;
  /** Tells those who watch of queries as they pass. */
  readonly live: LiveFeed;
  readonly metrics: Metrics;
}
