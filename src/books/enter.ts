import { applyToBudgets } from '../budget/apply.ts';
import { lockReservations, readReservations } from '../budget/held.ts';
import type { ReserveOutcome } from '../budget/reserve.ts';
import type { ItemOutcome } from '../ledger/batches.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { enterDecisions, enterSettlements, type VersionedSettlement } from '../records/enter.ts';
import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Entered, Entry } from './entries.ts';
import { type PlannedSettlement, planSettlements } from './plan-settlements.ts';

/**
 * Writes a batch of entries in one transaction, in a number of statements that does not grow with it. Settlements come
 * first: what they give back makes room for the admissions of the same batch.
 * @returns what became of each, in their order
 */
export async function enter(
  db: LedgerTransaction,
  entries: readonly Entry[],
): Promise<readonly ItemOutcome<Entered>[]> {
  const admissions = entries.filter((entry) => entry.kind === 'admission');
  const settlements = entries.flatMap((entry) => (entry.kind === 'settlement' ? [entry.settlement] : []));
  const settling = settlements.map(({ decisionId }) => decisionId);
  const admitting = admissions.map(({ reservation }) => reservation.decisionId);
  // Reservations are locked before their settlements are read: of two that settle the same, the second sees the first.
  const held = [
    ...(await lockReservations(db, settling)),
    ...(await readReservations(
      db,
      admitting.filter((id) => !settling.includes(id)),
    )),
  ];
  const plans = await planSettlements(db, settlements, held);
  const applied = await applyToBudgets(db, {
    charges: plans.flatMap(({ charge }) => (charge === null ? [] : [charge])),
    reserves: admissions.map(({ reservation }) => reservation),
    held,
  });
  const charges = applied.charges.values();
  const entered = new Map<string, Settlement>();
  const settled = plans.map((plan) =>
    settledBy(plan, plan.charge === null ? undefined : charges.next().value, entered),
  );
  await enterSettlements(
    db,
    settled.flatMap((one) => (one.ok && one.value.isNew ? [one.value] : [])),
  );
  await enterDecisions(db, decisionsToEnter(entries, applied.reserves));
  return inOrder(entries, applied.reserves, settled);
}

type Settled = VersionedSettlement & { readonly isNew: boolean };

type AppliedCharge = Awaited<ReturnType<typeof applyToBudgets>>['charges'][number];

/** @param entered what this batch has entered so far, by decision: later ones of the same decision are told that */
function settledBy(
  plan: PlannedSettlement,
  charged: AppliedCharge | undefined,
  entered: Map<string, Settlement>,
): ItemOutcome<Settled> {
  if (charged?.ok === false) return charged;
  const { version, isNew, admittedAtMs } = plan;
  const { decisionId } = plan.settlement;
  const { cost, freeBytes } = charged?.value ?? plan.settlement;
  const settlement = isNew
    ? { ...plan.settlement, cost, freeBytes }
    : (entered.get(decisionId) ?? plan.settlement);
  if (isNew) entered.set(decisionId, settlement);
  return { ok: true, value: { settlement, version, isNew, admittedAtMs } };
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
  settled: readonly ItemOutcome<Settled>[],
): readonly ItemOutcome<Entered>[] {
  const [outcomes, settlements] = [reserves.values(), settled.values()];
  return entries.map(({ kind }): ItemOutcome<Entered> => {
    if (kind === 'decision') return { ok: true, value: { kind } };
    if (kind === 'admission') return as(outcomes.next().value, (outcome) => ({ kind, outcome }));
    return as(settlements.next().value, ({ settlement }) => ({ kind, settlement }));
  });
}

function as<T>(outcome: ItemOutcome<T> | undefined, entered: (value: T) => Entered): ItemOutcome<Entered> {
  if (outcome === undefined) return { ok: false, error: new Error('unreachable: an entry has no outcome') };
  return outcome.ok ? { ok: true, value: entered(outcome.value) } : outcome;
}
