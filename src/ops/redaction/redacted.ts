import type { StoredRewrite } from '../../advice/rewrite-store.ts';
import type { GrantRequest } from '../../books/grants/grant-requests.ts';
import type { Grant } from '../../budget/grants.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import type { Reconciliation } from '../../reports/reconciliation/kept-reconciliations.ts';
import type { RewriteChange } from '../../vocabulary/advice.ts';
import type { Easing, RuleHit } from '../../vocabulary/policy.ts';

/** Why a field is null here that others can see. */
export const WITHHELD = 'shown to analysts and operators only';

interface MaybeWithheld {
  /** Present only if something was withheld. */
  readonly withheld?: typeof WITHHELD;
}

/** A decision as a visitor sees it. */
export interface RedactedDecision extends Omit<DecisionRecord, 'sql' | 'hits'>, MaybeWithheld {
  readonly sql: string | null;
  readonly hits: readonly RedactedHit[];
}

/** A rule that held; its message is null for viewers, since it may quote the query. */
export interface RedactedHit extends Omit<RuleHit, 'message' | 'eased'> {
  readonly message: string | null;
  readonly eased?: RedactedEasing;
}

type ExemptionEasing = Extract<Easing, { by: 'exemption' }>;
/** What held a rule back; the reason for an exemption is null for viewers. */
export type RedactedEasing =
  | Exclude<Easing, { by: 'exemption' }>
  | (Omit<ExemptionEasing, 'reason'> & { readonly reason: string | null });

/** A rewrite as a visitor sees it. */
export interface RedactedRewrite extends Omit<StoredRewrite, 'sql' | 'changes'>, MaybeWithheld {
  readonly sql: string | null;
  readonly changes: readonly (Omit<RewriteChange, 'shows'> & { readonly shows: string | null })[];
}

/** A grant as a visitor sees it. */
export interface RedactedGrant extends Omit<Grant, 'reason'>, MaybeWithheld {
  readonly reason: string | null;
}

/** A request for a grant as a visitor sees it. */
export interface RedactedRequest extends Omit<GrantRequest, 'reason'> {
  readonly reason: string | null;
}

/** A reconciliation as a visitor sees it. */
export interface RedactedReconciliation extends Reconciliation, MaybeWithheld {}
