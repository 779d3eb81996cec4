/** What was added to a budget's limit, for a limited time. Rows are added and never changed. */
export interface GrantsTable {
  readonly id: string;
  readonly budget: string;
  /** Empty for the only account of a budget, or for each of its accounts. */
  readonly account: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly granted_by: string;
  readonly granted_to: string;
  readonly created_at_ms: bigint;
  readonly expires_at_ms: bigint;
}

/** Grants that were revoked before they expired. */
export interface GrantRevocationsTable {
  readonly grant_id: string;
  readonly revoked_by: string;
  readonly at_ms: bigint;
}

/** Requests for grants. Rows are added and never changed. */
export interface GrantRequestsTable {
  readonly id: string;
  readonly budget: string;
  readonly account: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  /** Null for a visitor without a name. */
  readonly asked_by: string | null;
  readonly asked_for: string;
  readonly at_ms: bigint;
  /** Until when it is wanted. */
  readonly expires_at_ms: bigint;
}

/** An operator's answer; the first answer counts. */
export interface GrantAnswersTable {
  readonly request_id: string;
  readonly answered_by: string;
  readonly at_ms: bigint;
  /** Null if it was declined. */
  readonly grant_id: string | null;
}
