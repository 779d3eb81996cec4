import type { Grants } from '../books/grants.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PolicyError } from '../policy/errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { Records } from '../records/records.ts';
import type { Operators } from './operators.ts';

/** What operators are shown comes from here. */
export interface OpsSources {
  readonly policy: () => Policy;
  /** The errors of a policy edit that was refused and is still there, or null. */
  readonly rejectedPolicy: () => readonly PolicyError[] | null;
  readonly budgets: Budgets;
  readonly records: Records;
  readonly grants: Grants;
  readonly operators: Operators;
  readonly metrics: Metrics;
}
