import { type Coverage, unitOf } from '../vocabulary/budget.ts';
import type { WindowSpan } from '../vocabulary/spend.ts';
import { rollingHeadOf, rollingKeys, rollingPartEndMs, windowAt } from './windows.ts';

/** A row of `budget_windows`: one window of one account of a budget, or one part of a rolling window. */
export interface AccountKey {
  readonly budget: string;
  readonly account: string;
  readonly window_key: string;
  readonly unit: string;
}

/** One account of a budget, in its window that contains an instant. */
export interface AccountWindow extends Coverage {
  readonly atMs: number;
  readonly window: WindowSpan;
  readonly unit: string;
}

/** Each account, in its window that contains an instant. */
export function accountWindowsAt(coverages: readonly Coverage[], atMs: number): readonly AccountWindow[] {
  return coverages.map(({ budget, account }) => ({
    budget,
    account,
    atMs,
    window: windowAt(budget.window, budget.timeZone, atMs),
    unit: unitOf(budget.limit),
  }));
}

/** The row to which an admission in this window adds. */
export function keyOf({ budget, account, window, unit }: AccountWindow): AccountKey {
  return { budget: budget.name, account, window_key: window.key, unit };
}

/** The key as one text, which also sets the order in which every transaction locks rows, so that no two deadlock. */
export function idOf({ budget, account, window_key, unit }: AccountKey): string {
  return JSON.stringify([budget, account, unit, window_key]);
}

/** The row under which all parts of a rolling window are locked together; null for a row of any other window. */
export function headOf({ budget, account, window_key, unit }: AccountKey): AccountKey | null {
  const head = rollingHeadOf(window_key);
  return head === null ? null : { budget, account, window_key: head, unit };
}

/**
 * The rows to lock so that nothing else changes what the keys' accounts have spent; for rolling windows this includes
 * the head.
 */
export function rowsToLock(keys: readonly AccountKey[]): readonly AccountKey[] {
  const rows = new Map<string, AccountKey>();
  for (const key of keys) {
    const head = headOf(key);
    if (head !== null) rows.set(idOf(head), head);
    rows.set(idOf(key), key);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

/** From when on no admission counts the row to which one in this window adds. */
export function countedUntilMs({ window }: AccountWindow): number {
  return rollingHeadOf(window.key) === null ? window.endMs : rollingPartEndMs(window.key);
}

/** The rows whose sum is an account's balance: a span of window keys, both ends included. */
export function countedKeys(window: AccountWindow): { readonly from: string; readonly to: string } {
  const { key } = window.window;
  return rollingKeys(window.budget.window, window.atMs) ?? { from: key, to: key };
}
