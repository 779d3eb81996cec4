import type { LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { Budget } from '../vocabulary/policy.ts';
import type { BudgetBalance, WindowSpan } from '../vocabulary/spend.ts';
import { limitOf, unitOf } from './amounts.ts';
import { windowAt } from './windows.ts';

/** A budget in one of its windows: what the ledger keeps a balance of. */
export interface BudgetWindowRef {
  readonly budget: Budget;
  readonly window: WindowSpan;
  readonly unit: string;
}

interface WindowRow {
  readonly budget: string;
  readonly window_key: string;
  readonly unit: string;
  readonly used: bigint;
  readonly reserved: bigint;
}

/** Each budget in its window that holds an instant. */
export function windowsAt(budgets: readonly Budget[], atMs: number): readonly BudgetWindowRef[] {
  return budgets.map((budget) => ({
    budget,
    window: windowAt(budget.window, budget.timeZone, atMs),
    unit: unitOf(budget),
  }));
}

/** How the windows stand, in the order given. */
export async function readBalances(
  db: LedgerReader,
  windows: readonly BudgetWindowRef[],
): Promise<readonly BudgetBalance[]> {
  if (windows.length === 0) return [];
  const rows = await db
    .selectFrom('budget_windows')
    .selectAll()
    .where('budget', 'in', [...new Set(windows.map(({ budget }) => budget.name))])
    .where('window_key', 'in', [...new Set(windows.map(({ window }) => window.key))])
    .execute();
  return balancesFrom(rows, windows);
}

/**
 * The same, and keeps every other transaction from changing them until this one ends: an update to what a row
 * already holds locks it, in SQLite as in PostgreSQL.
 */
export async function lockBalances(
  db: LedgerTransaction,
  windows: readonly BudgetWindowRef[],
): Promise<readonly BudgetBalance[]> {
  if (windows.length === 0) return [];
  const rows = await db
    .insertInto('budget_windows')
    .values(inLockingOrder(windows.map(keyOf)).map((key) => ({ ...key, used: 0n, reserved: 0n })))
    .onConflict((on) =>
      on
        .columns(['budget', 'window_key', 'unit'])
        .doUpdateSet((eb) => ({ reserved: eb.ref('budget_windows.reserved') })),
    )
    .returningAll()
    .execute();
  return balancesFrom(rows, windows);
}

/** Adds to what is reserved and to what is used; either may be below zero. */
export async function addToWindow(
  db: LedgerTransaction,
  key: Pick<WindowRow, 'budget' | 'window_key' | 'unit'>,
  change: { readonly used: bigint; readonly reserved: bigint },
): Promise<void> {
  await db
    .updateTable('budget_windows')
    .set((eb) => ({ used: eb('used', '+', change.used), reserved: eb('reserved', '+', change.reserved) }))
    .where('budget', '=', key.budget)
    .where('window_key', '=', key.window_key)
    .where('unit', '=', key.unit)
    .execute();
}

/** Budgets in the one order in which every transaction takes them, so that no two wait for each other. */
export function inLockingOrder<T extends { readonly budget: string }>(keys: readonly T[]): readonly T[] {
  return keys.toSorted((a, b) => (a.budget < b.budget ? -1 : 1));
}

export function keyOf({ budget, window, unit }: BudgetWindowRef) {
  return { budget: budget.name, window_key: window.key, unit };
}

function balancesFrom(
  rows: readonly WindowRow[],
  windows: readonly BudgetWindowRef[],
): readonly BudgetBalance[] {
  return windows.map(({ budget, window, unit }) => {
    const row = rows.find(
      (found) => found.budget === budget.name && found.window_key === window.key && found.unit === unit,
    );
    return { budget, window, limit: limitOf(budget), used: row?.used ?? 0n, reserved: row?.reserved ?? 0n };
  });
}
