import { compare } from '../../foundation/lists/compare.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';

/** A form run later than this after it was offered was hardly run because of the offer. */
export const TAKEN_WITHIN_DAYS = 7;

/** `rewrite`: the query was run in a form that the refusal offered. `refusal`: it was not. */
export const savingCauses = ['refusal', 'rewrite'] as const;
export type SavingCause = (typeof savingCauses)[number];

/** What runs of a query were billed, each figure the maximum over single runs. */
export interface BilledRun {
  readonly bytesBilled: Bytes;
  /** Null if a run was paid for in another currency than the one in which the refused query was priced. */
  readonly costMicros: Micros | null;
}

/** A refused query, once per person and day, and what that person ran in its place. */
export interface JudgedNeed {
  readonly day: string;
  readonly team: string;
  readonly attempts: number;
  /** What it would have been billed, by its lowest estimate. */
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
  readonly currency: string;
  /** The same query, later on that day; null if it did not run. */
  readonly ranAfterAll: BilledRun | null;
  /** A form that was offered, within some days; null if none was run. */
  readonly tookRewrite: BilledRun | null;
}

/** Sums of what was refused, and of what that saved. */
export interface SavingSums {
  readonly needs: number;
  readonly attempts: number;
  readonly estimatedBytes: Bytes;
  readonly estimatedCostMicros: Micros;
  readonly savedBytes: Bytes;
  readonly savedCostMicros: Micros;
}

/** The sums of one day, team, cause and currency. */
export interface Saving extends SavingSums {
  readonly day: string;
  readonly team: string;
  readonly cause: SavingCause;
  readonly currency: string;
}

/** The estimate minus what was run in its place; never below zero, and under exactly one cause. */
export function savingOf(need: JudgedNeed): Saving {
  const { day, team, attempts, currency, bytesBilled, costMicros, ranAfterAll, tookRewrite } = need;
  const ran = [ranAfterAll, tookRewrite].filter((one) => one !== null);
  return {
    day,
    team,
    cause: tookRewrite === null ? 'refusal' : 'rewrite',
    currency,
    needs: 1,
    attempts,
    estimatedBytes: bytesBilled,
    estimatedCostMicros: costMicros,
    savedBytes: atLeastZeroOf(
      bytesBilled,
      ran.map((one) => one.bytesBilled),
    ),
    savedCostMicros: atLeastZeroOf(
      costMicros,
      // What was paid in another currency cannot be subtracted, so no saving is claimed.
      ran.map((one) => one.costMicros ?? costMicros),
    ),
  };
}

function atLeastZeroOf(from: bigint, amounts: readonly bigint[]): bigint {
  const rest = amounts.reduce((left, amount) => left - amount, from);
  return rest > 0n ? rest : 0n;
}

/** What savings can be summed by. */
export const savingKeys = ['team', 'day'] as const;
export type SavingKey = (typeof savingKeys)[number];

/** Savings of one cause and currency. */
export interface SavingRow extends SavingSums {
  /** The team or the day, in the requested order. */
  readonly keys: readonly string[];
  readonly cause: SavingCause;
  readonly currency: string;
}

/**
 * Sums savings by keys, with causes and currencies apart: in order of days if asked by day, otherwise the largest
 * savings first.
 */
export function sumSavings(savings: Iterable<Saving>, by: readonly SavingKey[]): readonly SavingRow[] {
  const rows = new Map<string, SavingRow>();
  for (const saving of savings) {
    const { cause, currency } = saving;
    const keys = by.map((key) => saving[key]);
    const id = JSON.stringify([keys, cause, currency]);
    rows.set(id, { keys, cause, currency, ...sumOf(saving, rows.get(id)) });
  }
  return [...rows.values()].sort((a, b) => inOrder(a, b, by.indexOf('day')));
}

/** The sums of all rows, with currencies apart. */
export function currencyTotals(
  rows: readonly SavingRow[],
): readonly (SavingSums & { readonly currency: string })[] {
  const totals = new Map<string, SavingSums & { readonly currency: string }>();
  for (const row of rows) {
    const { currency } = row;
    totals.set(currency, { currency, ...sumOf(row, totals.get(currency)) });
  }
  return [...totals.values()];
}

function sumOf(a: SavingSums, b: SavingSums | undefined): SavingSums {
  return {
    needs: a.needs + (b?.needs ?? 0),
    attempts: a.attempts + (b?.attempts ?? 0),
    estimatedBytes: a.estimatedBytes + (b?.estimatedBytes ?? 0n),
    estimatedCostMicros: a.estimatedCostMicros + (b?.estimatedCostMicros ?? 0n),
    savedBytes: a.savedBytes + (b?.savedBytes ?? 0n),
    savedCostMicros: a.savedCostMicros + (b?.savedCostMicros ?? 0n),
  };
}

function inOrder(a: SavingRow, b: SavingRow, day: number): number {
  return (
    (day < 0 ? 0 : compare(a.keys[day] ?? '', b.keys[day] ?? '')) ||
    compare(a.currency, b.currency) ||
    compare(b.savedCostMicros, a.savedCostMicros) ||
    compare(b.savedBytes, a.savedBytes) ||
    compare(JSON.stringify(a.keys), JSON.stringify(b.keys))
  );
}
