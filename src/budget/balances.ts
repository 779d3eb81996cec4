import { type ExpressionBuilder, sql } from 'kysely';
import { chunks } from '../foundation/lists/chunks.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { MAX_ALTERNATIVES } from '../ledger/statements/limits.ts';
import { amountOfLimit, type Budget, budgetOfAccount } from '../vocabulary/budget.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { type AccountKey, type AccountWindow, accountWindowsAt, countedKeys } from './accounts.ts';
import { type Grant, grantedTo, readGrants } from './grants.ts';
import { rollingPartEndMs } from './windows.ts';

/** What a row of an account holds, in its unit. */
export interface Amounts {
  readonly used: bigint;
  readonly reserved: bigint;
}

export interface AccountRow extends AccountKey, Amounts {}

/** The state of accounts, in the given order, as committed. */
export async function readBalances(
  db: LedgerReader,
  windows: readonly AccountWindow[],
): Promise<readonly BudgetBalance[]> {
  const rows = await readRows(db, windows);
  const grants = await readGrants(db, windows);
  const byAccount = Map.groupBy(rows, (row) => accountOf(row));
  return windows.map((window) => {
    const own = byAccount.get(accountOf(nameOf(window))) ?? [];
    return balanceFrom(
      own.filter((row) => isCounted(row, window)),
      window,
      grants,
    );
  });
}

/**
 * Each budget's accounts with the most spend and reservations in the window that contains an instant, by the budget's
 * name; a budget without any is left out.
 */
export async function fullestAccounts(
  db: LedgerReader,
  budgets: readonly Budget[],
  atMs: number,
  most: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const windows = accountWindowsAt(
    budgets.map((budget) => ({ budget, account: '' })),
    atMs,
  );
  const fullest: { readonly budget: string; readonly account: string }[] = [];
  for (const some of chunks(windows, MAX_ALTERNATIVES)) {
    const found = await db
      .selectFrom((inner) => ranked(inner, some).as('ranked'))
      .select(['budget', 'account'])
      .where('place', '<=', BigInt(most))
      .orderBy('place')
      .execute();
    fullest.push(...found);
  }
  const byBudget = Map.groupBy(fullest, ({ budget }) => budget);
  return new Map([...byBudget].map(([budget, rows]) => [budget, rows.map(({ account }) => account)]));
}

/** The accounts of each budget in these windows, with their places by what they hold. */
function ranked(db: ExpressionBuilder<LedgerSchema, never>, windows: readonly AccountWindow[]) {
  return db
    .selectFrom('budget_windows')
    .where((eb) => eb.or(windows.map((window) => inAnyAccount(eb, window))))
    .groupBy(['budget', 'account'])
    .select([
      'budget',
      'account',
      sql<bigint>`row_number() over (partition by budget order by sum(used) + sum(reserved) desc, account)`.as(
        'place',
      ),
    ]);
}

function inAnyAccount(eb: ExpressionBuilder<LedgerSchema, 'budget_windows'>, window: AccountWindow) {
  const { from, to } = countedKeys(window);
  return eb.and([
    eb('budget', '=', window.budget.name),
    eb('unit', '=', window.unit),
    eb('window_key', '>=', from),
    eb('window_key', '<=', to),
  ]);
}

/** Every row that counts for these accounts. */
export async function readRows(
  db: LedgerReader,
  windows: readonly AccountWindow[],
): Promise<readonly AccountRow[]> {
  const rows: AccountRow[] = [];
  for (const spans of chunks(distinctSpans(windows), MAX_ALTERNATIVES)) {
    const found = await db
      .selectFrom('budget_windows')
      .select(['budget', 'account', 'window_key', 'unit', 'used', 'reserved'])
      .where((eb) => eb.or(spans.map((span) => inSpan(eb, span))))
      .execute();
    rows.push(...found);
  }
  return rows;
}

interface WindowRange {
  readonly budget: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

function distinctSpans(windows: readonly AccountWindow[]): readonly WindowRange[] {
  const spans = windows.map((window): WindowRange => {
    const { budget, account } = nameOf(window);
    return { budget, account, ...countedKeys(window) };
  });
  return [...new Map(spans.map((span) => [JSON.stringify(span), span])).values()];
}

function inSpan(eb: ExpressionBuilder<LedgerSchema, 'budget_windows'>, span: WindowRange) {
  return eb.and([
    eb('budget', '=', span.budget),
    eb('account', '=', span.account),
    eb('window_key', '>=', span.from),
    eb('window_key', '<=', span.to),
  ]);
}

/** What identifies an account in the ledger, in any window. */
export function nameOf({ budget, account, unit }: AccountWindow) {
  return { budget: budget.name, account, unit };
}

function accountOf({ budget, account }: { readonly budget: string; readonly account: string }): string {
  return JSON.stringify([budget, account]);
}

/** Whether a row of the account counts in its window. */
export function isCounted(row: AccountRow, window: AccountWindow): boolean {
  const { from, to } = countedKeys(window);
  return row.unit === window.unit && from <= row.window_key && row.window_key <= to;
}

/**
 * The state of an account in a window.
 * @param rows all that count for it, and no others
 * @param grants of any account, in force or not
 */
export function balanceFrom(
  rows: readonly AccountRow[],
  { budget, account, window, unit, atMs }: AccountWindow,
  grants: readonly Grant[],
): BudgetBalance {
  const granted = grantedTo({ budget: budget.name, account, unit, atMs }, grants);
  return {
    budget: budgetOfAccount(budget, account),
    account,
    // A rolling window renews a part at a time: next is the oldest part that holds something.
    window: { ...window, endMs: renewsAt(rows) ?? window.endMs },
    limit: amountOfLimit(budget.limit) + granted,
    granted,
    used: rows.reduce((sum, { used }) => sum + used, 0n),
    reserved: rows.reduce((sum, { reserved }) => sum + reserved, 0n),
  };
}

function renewsAt(rows: readonly AccountRow[]): number | null {
  const parts = rows.filter(
    ({ window_key, used, reserved }) => window_key.includes('/') && used + reserved > 0n,
  );
  if (parts.length === 0) return null;
  return Math.min(...parts.map(({ window_key }) => rollingPartEndMs(window_key)));
}
