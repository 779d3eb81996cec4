import type { RewriteStore } from '../advice/rewrite-store.ts';
import type { GrantRequests } from '../books/grant-requests.ts';
import type { Grants } from '../books/grants.ts';
import type { ResilientBooks } from '../books/resilient-books.ts';
import type { Spool } from '../books/spool.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Replica } from '../budget/replicas.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PolicyError } from '../policy/document/errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { Reconciliation } from '../reconciliation/kept-reconciliations.ts';
import type { Records } from '../records/records.ts';
import type { ConsoleQuestions } from './questions.ts';

/** Where the console gets what it shows. */
export interface ConsoleSources {
  /** The expensive questions. */
  readonly questions: ConsoleQuestions;
  readonly policy: () => Policy;
  readonly rejectedPolicy: () => readonly PolicyError[] | null;
  readonly books: Pick<ResilientBooks, 'failure'>;
  /** What happens to queries while the ledger fails. */
  readonly onLedgerFailure: 'deny' | 'allow_capped';
  /** Why no SQL reader process can start; null while one can read, or may do so yet. */
  readonly readerProblem: () => string | null;
  readonly budgets: Pick<Budgets, 'standing' | 'balances'>;
  readonly records: Pick<Records, 'get' | 'chainHead' | 'list'>;
  readonly rewriteStore: Pick<RewriteStore, 'ofDecision'>;
  readonly grants: Grants;
  readonly grantRequests: GrantRequests;
  readonly lastReconciliation: () => Promise<Reconciliation | null>;
  readonly spool: Pick<Spool, 'size'>;
  readonly replica: Pick<Replica, 'id' | 'living'>;
  readonly metrics: Metrics;
  /** Called when a page could not be written, with the reason. */
  readonly onError: (error: unknown) => void;
}
