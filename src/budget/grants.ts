import type { LedgerReader } from '../ledger/ledger.ts';
import { createListQuery } from '../ledger/statements/list-query.ts';

/** What was added to a budget's limit, for a limited time. */
export interface Grant {
  readonly id: string;
  readonly budget: string;
  /** Empty: the budget's only account, or every one of its accounts. */
  readonly account: string;
  /** The unit of the budget's limit; a grant in another unit, from before the limit was changed, counts for nothing. */
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly grantedBy: string;
  readonly grantedTo: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Null unless it was revoked. */
  readonly revoked: { readonly by: string; readonly atMs: number } | null;
}

const readRows = createListQuery((db: LedgerReader, budgets, ...instants) =>
  selectGrants(db)
    .where('grants.budget', 'in', budgets)
    .where('grants.expires_at_ms', '>', instants[0] ?? 0n),
);

/** Grants that may be in force for these accounts, without expired ones. */
export async function readGrants(
  db: LedgerReader,
  accounts: readonly { readonly budget: { readonly name: string }; readonly atMs: number }[],
): Promise<readonly Grant[]> {
  if (accounts.length === 0) return [];
  const earliestMs = Math.min(...accounts.map(({ atMs }) => atMs));
  const names = new Set(accounts.map(({ budget }) => budget.name));
  const rows = await readRows(db, [...names], BigInt(earliestMs));
  return rows.map(grantFrom);
}

/** The sum granted to an account at an instant. */
export function grantedTo(
  asked: { readonly budget: string; readonly account: string; readonly unit: string; readonly atMs: number },
  grants: readonly Grant[],
): bigint {
  return grants
    .filter((grant) => grant.budget === asked.budget && grant.unit === asked.unit)
    .filter(({ account }) => account === '' || account === asked.account)
    .filter((grant) => isInForce(grant, asked.atMs))
    .reduce((sum, { amount }) => sum + amount, 0n);
}

function isInForce({ createdAtMs, expiresAtMs, revoked }: Grant, atMs: number): boolean {
  return createdAtMs <= atMs && atMs < expiresAtMs && (revoked === null || atMs < revoked.atMs);
}

/** Grants, with who revoked them if somebody did. */
export function selectGrants(db: LedgerReader) {
  return db
    .selectFrom('grants')
    .leftJoin('grant_revocations', 'grant_revocations.grant_id', 'grants.id')
    .selectAll('grants')
    .select(['grant_revocations.revoked_by', 'grant_revocations.at_ms as revoked_at_ms']);
}

type GrantRow = Awaited<ReturnType<ReturnType<typeof selectGrants>['execute']>>[number];

export function grantFrom(row: GrantRow): Grant {
  return {
    id: row.id,
    budget: row.budget,
    account: row.account,
    unit: row.unit,
    amount: row.amount,
    reason: row.reason,
    grantedBy: row.granted_by,
    grantedTo: row.granted_to,
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    revoked:
      row.revoked_by === null || row.revoked_at_ms === null
        ? null
        : { by: row.revoked_by, atMs: Number(row.revoked_at_ms) },
  };
}
