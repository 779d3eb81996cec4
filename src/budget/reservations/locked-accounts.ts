import { chunks } from '../../foundation/lists/chunks.ts';
import { LedgerError } from '../../ledger/errors.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import { createInsert } from '../../ledger/statements/insert.ts';
import { MAX_ALTERNATIVES } from '../../ledger/statements/limits.ts';
import { MAX_AMOUNT } from '../../vocabulary/max-amount.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { type AccountKey, type AccountWindow, countedKeys, headOf, idOf, rowsToLock } from '../accounts.ts';
import { type AccountRow, type Amounts, balanceFrom, isCounted, nameOf, readRows } from '../balances.ts';
import { readGrants } from '../grants.ts';

interface Line extends AccountRow {
  readonly changed: boolean;
  readonly endsAtMs: number | null;
}

/**
 * The accounts that a batch touches, locked until its transaction ends. Changes are made here, in memory, one after the
 * other, and written at the end, as many per statement as fit.
 */
export interface LockedAccounts {
  balance(window: AccountWindow): BudgetBalance;
  /** What one row holds as used. */
  used(key: AccountKey): bigint;
  /**
   * Adds to the used and reserved amounts; either change may be negative. All or nothing.
   * @throws LedgerError if a sum exceeds 64 bits
   */
  add(changes: readonly Change[]): void;
  write(): Promise<void>;
}

/** A change to a row of an account; negative amounts are subtracted. */
export interface Change extends Amounts {
  readonly key: AccountKey;
  /** From when on the row no longer counts, if the change may create it. */
  readonly endsAtMs: number | null;
}

/**
 * Locks accounts.
 * @param keys the rows that will be added to
 * @param windows the accounts whose balances will be asked for
 */
export async function lockAccounts(
  db: LedgerTransaction,
  keys: readonly AccountKey[],
  windows: readonly AccountWindow[],
): Promise<LockedAccounts> {
  const locked = await lock(db, rowsToLock(keys));
  // Unchanged parts of rolling windows stay fixed as well, under the lock of their head.
  const rolling = windows.filter((window) => rollsOver(window));
  const rows = [...(await readRows(db, rolling)), ...locked];
  const lines = new Map<string, Line>(
    rows.map((row) => [idOf(row), { ...row, changed: false, endsAtMs: null }]),
  );
  const grants = await readGrants(db, windows);
  return {
    balance: (window) => balanceFrom([...countedIn(lines, window)], window, grants),
    used: (key) => lines.get(idOf(key))?.used ?? 0n,
    add: (changes) => addTo(lines, changes),
    async write() {
      const changed = [...lines.values()].filter((line) => line.changed);
      await deleteEmpty(db, withoutUse(locked, changed));
      await writeLines(db, [...headsOf(changed), ...changed]);
    },
  };
}

function rollsOver(window: AccountWindow): boolean {
  const { from, to } = countedKeys(window);
  return from !== to;
}

/** Updating a row to its current values locks it, in SQLite as in PostgreSQL, and creates it if there is none. */
const lockRows = createInsert('budget_windows', (insert) =>
  insert
    .onConflict((on) =>
      on
        .columns(['budget', 'account', 'window_key', 'unit'])
        .doUpdateSet((eb) => ({ reserved: eb.ref('budget_windows.reserved') })),
    )
    .returning(['budget', 'account', 'window_key', 'unit', 'used', 'reserved']),
);

const writeRows = createInsert('budget_windows', (insert) =>
  insert.onConflict((on) =>
    on.columns(['budget', 'account', 'window_key', 'unit']).doUpdateSet((eb) => ({
      used: eb.ref('excluded.used'),
      reserved: eb.ref('excluded.reserved'),
      ends_at_ms: eb.fn.coalesce('excluded.ends_at_ms', 'budget_windows.ends_at_ms'),
    })),
  ),
);

function lock(db: LedgerTransaction, keys: readonly AccountKey[]): Promise<readonly AccountRow[]> {
  return lockRows(
    db,
    keys.map((key) => ({ ...key, used: 0n, reserved: 0n, ends_at_ms: null })),
  );
}

function* countedIn(lines: ReadonlyMap<string, Line>, window: AccountWindow): Iterable<AccountRow> {
  const { budget, account, unit } = nameOf(window);
  if (!rollsOver(window)) {
    const line = lines.get(idOf({ budget, account, unit, window_key: window.window.key }));
    if (line !== undefined) yield line;
    return;
  }
  for (const line of lines.values()) {
    if (line.budget === budget && line.account === account && isCounted(line, window)) yield line;
  }
}

function addTo(lines: Map<string, Line>, changes: readonly Change[]): void {
  const next = changes.map(({ key, used, reserved, endsAtMs }) => {
    const id = idOf(key);
    const line = lines.get(id);
    if (line === undefined) throw new Error(`unreachable: ${id} was not locked`);
    const sum = { used: line.used + used, reserved: line.reserved + reserved };
    if (isStorable(sum))
      return [id, { ...line, ...sum, changed: true, endsAtMs: endsAtMs ?? line.endsAtMs }] as const;
    throw new LedgerError(
      'amount out of range',
      `Budget ${key.budget} would hold ${sum.used} used and ${sum.reserved} reserved ${key.unit}, which the ledger cannot hold.`,
      `Amounts go from 0 to ${MAX_AMOUNT}: check the prices and exchange rates that they were computed with.`,
    );
  });
  for (const [id, line] of next) lines.set(id, line);
}

function isStorable({ used, reserved }: Amounts): boolean {
  return used >= 0n && reserved >= 0n && used <= MAX_AMOUNT && reserved <= MAX_AMOUNT;
}

/** Rows created for locking, for queries that were then refused: made-up names must leave nothing behind. */
function withoutUse(locked: readonly AccountRow[], changed: readonly Line[]): readonly AccountRow[] {
  const ofUse = new Set(changed.flatMap((line) => [idOf(line), idOf(headOf(line) ?? line)]));
  return locked.filter((row) => row.used === 0n && row.reserved === 0n && !ofUse.has(idOf(row)));
}

async function deleteEmpty(db: LedgerTransaction, rows: readonly AccountRow[]): Promise<void> {
  for (const some of chunks(rows, MAX_ALTERNATIVES)) {
    await db
      .deleteFrom('budget_windows')
      .where((eb) =>
        eb.or(
          some.map(({ budget, account, window_key, unit }) => eb.and({ budget, account, window_key, unit })),
        ),
      )
      .execute();
  }
}

/** The heads of rolling windows with reservations: each is useful only as long as a part of it counts. */
function headsOf(changed: readonly Line[]): readonly Line[] {
  const heads = new Map<string, Line>();
  for (const line of changed) {
    const head = headOf(line);
    if (head === null || line.endsAtMs === null) continue;
    const endsAtMs = Math.max(line.endsAtMs, heads.get(idOf(head))?.endsAtMs ?? 0);
    heads.set(idOf(head), { ...head, used: 0n, reserved: 0n, changed: true, endsAtMs });
  }
  return [...heads.values()];
}

async function writeLines(db: LedgerTransaction, lines: readonly Line[]): Promise<void> {
  await writeRows(
    db,
    lines.map(({ changed: _changed, endsAtMs, ...row }) => ({
      ...row,
      ends_at_ms: endsAtMs === null ? null : BigInt(endsAtMs),
    })),
  );
}
