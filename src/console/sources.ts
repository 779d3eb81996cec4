import type { Budgets } from '../budget/budgets.ts';
import type { OpsSources } from '../ops/sources.ts';
import type { Records } from '../records/records.ts';
import type { ConsoleQuestions } from './questions.ts';

type AlsoOfOps =
  | 'policy'
  | 'rejectedPolicy'
  | 'books'
  | 'onLedgerFailure'
  | 'readerProblem'
  | 'rewriteStore'
  | 'grants'
  | 'grantRequests'
  | 'lastReconciliation'
  | 'spool'
  | 'replica'
  | 'metrics';

/** Where the console gets what it shows. */
export interface ConsoleSources extends Pick<OpsSources, AlsoOfOps> {
  /** Answered outside the thread that guards queries. */
  readonly questions: ConsoleQuestions;
  readonly budgets: Pick<Budgets, 'standing' | 'balances'>;
  readonly records: Pick<Records, 'get' | 'chainHead' | 'list'>;
  /** Called when a page could not be written, with the reason. */
  readonly onError: (error: unknown) => void;
}
