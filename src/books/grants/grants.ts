import { randomUUID } from 'node:crypto';
import { type Grant, grantFrom, selectGrants } from '../../budget/grants.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import { storable } from '../../ledger/storable.ts';
import { enterInJournal } from '../../records/journal/journal.ts';
import { comesBehind, type ListQuery } from './newest-first.ts';

/** A grant to add to a budget's limit. */
export type NewGrant = Omit<Grant, 'id' | 'revoked'>;

/** What raises budgets for a limited time. Grants expire by themselves, and every one stays in the books. */
export interface Grants {
  /** @throws LedgerError if the amount is out of range or nothing could be written */
  give(request: NewGrant): Promise<Grant>;
  /** Revokes a grant: it counts for nothing from then on. Null if there is no such grant. */
  revoke(id: string, by: string, atMs: number): Promise<Grant | null>;
  /** Null if there is no such grant. */
  get(id: string): Promise<Grant | null>;
  /** Newest first; only those that have not expired, unless `all`. */
  list(query: ListQuery): Promise<GrantPage>;
}

export interface GrantPage {
  readonly grants: readonly Grant[];
  /** Whether older ones were left out. */
  readonly more: boolean;
}

/** Grants kept in the ledger. */
export function createGrants({ ledger }: { readonly ledger: Ledger }): Grants {
  return {
    give: (request) => ledger.write((db) => enterGrant(db, request)),
    revoke: (id, by, atMs) =>
      ledger.write(async (db) => {
        if ((await findGrant(db, id)) === null) return null;
        const row = { grant_id: id, revoked_by: by, at_ms: BigInt(atMs) };
        const inserted = await db
          .insertInto('grant_revocations')
          .values(row)
          .onConflict((on) => on.doNothing())
          .returning('grant_id')
          .execute();
        if (inserted.length > 0) await enterInJournal(db, [{ kind: 'grant revocation', row }]);
        return findGrant(db, id);
      }),
    get: (id) => findGrant(ledger.read, id),
    list: (query) => listGrants(ledger.read, query),
  };
}

async function listGrants(db: LedgerReader, { nowMs, all, limit, after }: ListQuery): Promise<GrantPage> {
  let grants = selectGrants(db)
    .orderBy('grants.created_at_ms', 'desc')
    .orderBy('grants.id')
    .limit(limit + 1);
  if (!all) grants = grants.where('grants.expires_at_ms', '>', BigInt(nowMs));
  if (after !== undefined) {
    grants = grants.where(comesBehind(after, { atMs: 'grants.created_at_ms', id: 'grants.id' }));
  }
  const rows = await grants.execute();
  return { grants: rows.slice(0, limit).map(grantFrom), more: rows.length > limit };
}

/** Enters a grant, also in the journal. */
export async function enterGrant(db: LedgerTransaction, request: NewGrant): Promise<Grant> {
  const row = {
    id: randomUUID(),
    budget: request.budget,
    account: request.account,
    unit: request.unit,
    amount: storable(request.amount, 'The amount granted'),
    reason: request.reason,
    granted_by: request.grantedBy,
    granted_to: request.grantedTo,
    created_at_ms: BigInt(request.createdAtMs),
    expires_at_ms: BigInt(request.expiresAtMs),
  };
  await db.insertInto('grants').values(row).execute();
  await enterInJournal(db, [{ kind: 'grant', row }]);
  return { ...request, id: row.id, revoked: null };
}

async function findGrant(db: LedgerReader, id: string): Promise<Grant | null> {
  const row = await selectGrants(db).where('grants.id', '=', id).executeTakeFirst();
  return row === undefined ? null : grantFrom(row);
}
