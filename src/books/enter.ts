import { applyToBudgets, type ChargeOutcome } from '../budget/reservations/apply.ts';
import { lockReservations, readReservations } from '../budget/reservations/held.ts';
import type { ReserveOutcome } from '../budget/reservations/reserve.ts';
import type { ItemOutcome } from '../ledger/batch.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { enterDecisions, enterSettlements } from '../records/enter.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Entry, EntryResult } from './entries.ts';
import { type PlannedSettlement, planSettlements } from './plan-settlements.ts';

/**
 * Writes a batch of entries in one transaction, in a fixed number of statements. Settlements come first: what they
 * release makes room for the admissions in the same batch.
 * @param entries at most one of each decision
 * @returns the outcome of each entry, in order
 * @throws whatever keeps a settlement from being charged, and then nothing of the batch is written, since it may hold
 * others already settled; LedgerError if the database fails or an amount is out of range
 */
export async function enterBatch(
  db: LedgerTransaction,
  entries: readonly Entry[],
): Promise<readonly ItemOutcome<EntryResult>[]> {
  const admissions = entries.filter((entry) => entry.kind === 'admission');
  const settlements = entries.flatMap((entry) => (entry.kind === 'settlement' ? [entry.settlement] : []));
  const settledIds = settlements.map(({ decisionId }) => decisionId);
  const admittedIds = admissions.map(({ reservation }) => reservation.decisionId);
  // Reservations are locked before their settlements are read, so of two that settle the same query the second sees the
  // first.
  const held = [
    ...(await lockReservations(db, settledIds)),
    ...(await readReservations(
      db,
      admittedIds.filter((id) => !settledIds.includes(id)),
    )),
  ];
  const plans = await planSettlements(db, settlements, held);
  const applied = await applyToBudgets(db, {
    charges: plans.flatMap(({ charge }) => (charge === null ? [] : [charge])),
    reserves: admissions.map(({ reservation }) => reservation),
    held,
  });
  const charges = applied.charges.values();
  const settled = plans.map((plan) => (plan.charge === null ? plan : withCharge(plan, charges.next().value)));
  await enterSettlements(
    db,
    settled.filter(({ isNew }) => isNew),
  );
  await enterDecisions(db, decisionsToEnter(entries, applied.reserves));
  const outcomes = settled.map(
    ({ settlement }): ItemOutcome<Settlement> => ({ ok: true, value: settlement }),
  );
  return inOrder(entries, applied.reserves, outcomes);
}

function withCharge(plan: PlannedSettlement, charged: ChargeOutcome | undefined): PlannedSettlement {
  if (charged === undefined) throw new Error('unreachable: a charge has no outcome');
  const { cost, freeBytes } = charged;
  return plan.isNew ? { ...plan, settlement: { ...plan.settlement, cost, freeBytes } } : plan;
}

function decisionsToEnter(
  entries: readonly Entry[],
  reserves: readonly ItemOutcome<ReserveOutcome>[],
): readonly Decision[] {
  const outcomes = reserves.values();
  return entries.flatMap((entry) => {
    if (entry.kind === 'decision') return [entry.decision];
    if (entry.kind !== 'admission') return [];
    const outcome = outcomes.next().value;
    return outcome?.ok && outcome.value.reserved ? [entry.decision] : [];
  });
}

function inOrder(
  entries: readonly Entry[],
  reserves: readonly ItemOutcome<ReserveOutcome>[],
  settled: readonly ItemOutcome<Settlement>[],
): readonly ItemOutcome<EntryResult>[] {
  const [outcomes, settlements] = [reserves.values(), settled.values()];
  return entries.map(({ kind }): ItemOutcome<EntryResult> => {
    if (kind === 'decision') return { ok: true, value: { kind } };
    if (kind === 'admission') return mapOutcome(outcomes.next().value, (outcome) => ({ kind, outcome }));
    return mapOutcome(settlements.next().value, (settlement) => ({ kind, settlement }));
  });
}

function mapOutcome<T>(
  outcome: ItemOutcome<T> | undefined,
  toResult: (value: T) => EntryResult,
): ItemOutcome<EntryResult> {
  if (outcome === undefined) return { ok: false, error: new Error('unreachable: an entry has no outcome') };
  return outcome.ok ? { ok: true, value: toResult(outcome.value) } : outcome;
}
