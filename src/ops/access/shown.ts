import type { StoredRewrite } from '../../advice/rewrite-store.ts';
import type { Grant } from '../../budget/budgets.ts';
import type { Reconciliation } from '../../reconciliation/kept-reconciliations.ts';
import type { DecisionRecord } from '../../records/records.ts';
import type { RewriteChange } from '../../vocabulary/advice.ts';
import type { Easing, RuleHit } from '../../vocabulary/policy.ts';

/** Why a field is null here that others can see. */
export const WITHHELD = 'shown to analysts and operators only';

interface Withholding {
  /** Present only if something was withheld. */
  readonly withheld?: typeof WITHHELD;
}

/** A decision as a visitor sees it. */
export interface ShownDecision extends Omit<DecisionRecord, 'sql' | 'hits'>, Withholding {
  readonly sql: string | null;
  readonly hits: readonly ShownHit[];
}

/** A rule that held; its message is null for viewers, since it may quote the query. */
export interface ShownHit extends Omit<RuleHit, 'message' | 'eased'> {
  readonly message: string | null;
  readonly eased?: ShownEasing;
}

type Exempting = Extract<Easing, { by: 'exemption' }>;
/** What held a rule back; the reason for an exemption is null for viewers. */
export type ShownEasing =
  | Exclude<Easing, { by: 'exemption' }>
  | (Omit<Exempting, 'reason'> & { readonly reason: string | null });

/** A rewrite as a visitor sees it. */
export interface ShownRewrite extends Omit<StoredRewrite, 'sql' | 'changes'>, Withholding {
  readonly sql: string | null;
  readonly changes: readonly (Omit<RewriteChange, 'shows'> & { readonly shows: string | null })[];
}

/** A grant as a visitor sees it. */
export interface ShownGrant extends Omit<Grant, 'reason'>, Withholding {
  readonly reason: string | null;
}

/** A reconciliation as a visitor sees it. */
export interface ShownReconciliation extends Reconciliation, Withholding {}
