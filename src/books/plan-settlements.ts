import type { Charge } from '../budget/apply.ts';
import type { HeldReservation } from '../budget/held.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { payersOfJobs, standingSettlements, type VersionedSettlement } from '../records/enter.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import type { UnpricedSettlement } from './entries.ts';

/** What is to be done about a settlement. */
export interface PlannedSettlement extends VersionedSettlement {
  /** False where another stands already; then that is what `settlement` is. */
  readonly isNew: boolean;
  /** Null where the budgets are charged already. */
  readonly charge: Charge | null;
}

const ASSUMED = 0n;
const KNOWN = 1n;

/**
 * Decides of each settlement whether it is to stand. The first that is known does, in the place of one that was
 * assumed, until the warehouse's own books say otherwise.
 * @param held what the decisions have reserved, locked
 */
export async function planSettlements(
  db: LedgerTransaction,
  settlements: readonly UnpricedSettlement[],
  held: readonly HeldReservation[],
): Promise<readonly PlannedSettlement[]> {
  if (settlements.length === 0) return [];
  const standing = new Map(await standingSettlements(db, settlements));
  const payers = await payersOfJobs(db, settlements);
  const open = new Set(held.filter(({ row }) => row.state === 'open').map(({ row }) => row.decision_id));
  const currencies = new Map(held.map(({ row }) => [row.decision_id, row.currency]));
  return settlements.map((settlement) => {
    const plan = planOne(settlement, standing.get(settlement.decisionId), payers, open);
    const { decisionId, jobId } = plan.settlement;
    standing.set(decisionId, plan);
    // One that cannot be charged, in a currency that it was not reserved in, pays for nothing.
    const pays =
      plan.settlement.cost.currency === (currencies.get(decisionId) ?? plan.settlement.cost.currency);
    if (jobId !== null && pays && plan.settlement.source !== 'repeated') payers.get(jobId)?.add(decisionId);
    if (plan.charge !== null) open.delete(decisionId);
    return plan;
  });
}

function planOne(
  asked: UnpricedSettlement,
  before: VersionedSettlement | undefined,
  payers: ReadonlyMap<string, ReadonlySet<string>>,
  open: ReadonlySet<string>,
): PlannedSettlement {
  const { admittedAtMs } = asked;
  const settlement = isPaidByAnother(asked, payers) ? repeated(asked) : asked;
  const version = versionOf(settlement, before);
  if (version === null && before !== undefined) {
    // A settlement without its charge is what a process left that died between the two, before both were written as one.
    const price = { known: before.settlement.cost };
    const charge = chargeOf({ ...before.settlement, admittedAtMs, price }, undefined);
    return { ...before, isNew: false, charge: open.has(asked.decisionId) ? charge : null };
  }
  return {
    settlement: unpriced(settlement),
    version: version ?? KNOWN,
    admittedAtMs,
    isNew: true,
    charge: chargeOf(settlement, before),
  };
}

function isPaidByAnother(
  { decisionId, jobId }: UnpricedSettlement,
  payers: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const ofJob = jobId === null ? undefined : payers.get(jobId);
  return ofJob !== undefined && ofJob.size > 0 && !ofJob.has(decisionId);
}

/** Null where the one before is to stand. */
function versionOf(
  { source, ...asked }: UnpricedSettlement,
  before: VersionedSettlement | undefined,
): bigint | null {
  if (source === 'reconciled') {
    if (before !== undefined && saysTheSame(asked, before.settlement)) return null;
    return before === undefined || before.version <= KNOWN ? KNOWN + 1n : before.version + 1n;
  }
  if (before === undefined) return source === 'assumed' ? ASSUMED : KNOWN;
  return before.version === ASSUMED && source !== 'assumed' ? KNOWN : null;
}

/** What was only assumed is worth a correction that says the same of a job. */
function saysTheSame(asked: Omit<UnpricedSettlement, 'source'>, before: Settlement): boolean {
  return (
    before.source !== 'assumed' &&
    asked.jobId === before.jobId &&
    asked.bytesBilled === before.bytesBilled &&
    asked.slotMs === before.slotMs
  );
}

function repeated(settlement: UnpricedSettlement): UnpricedSettlement {
  const { price } = settlement;
  const nothing = 'known' in price ? { known: { ...price.known, micros: 0n } } : price;
  return {
    ...settlement,
    bytesProcessed: 0n,
    bytesBilled: 0n,
    slotMs: 0,
    source: 'repeated',
    price: nothing,
  };
}

/** As it is entered but for its cost, which the charge tells. */
function unpriced({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const currency = 'known' in price ? price.known.currency : price.tariff.currency;
  return { ...settlement, cost: { currency, micros: 0n }, freeBytes: 0n };
}

/** What to charge; of a query that was charged before, what the free tier paid for it is given back first. */
function chargeOf(settlement: UnpricedSettlement, before: VersionedSettlement | undefined): Charge {
  const { decisionId, admittedAtMs, atMs, bytesBilled, slotMs, source, price } = settlement;
  const freeBytesBefore = before?.settlement.freeBytes ?? 0n;
  return {
    decisionId,
    admittedAtMs,
    atMs,
    bytesBilled,
    slotMs: BigInt(slotMs ?? 0),
    queries: didRun(settlement) ? 1n : 0n,
    price: 'known' in price ? price : { ...price, freeBytesBefore },
    state: source === 'assumed' ? 'assumed' : 'settled',
  };
}

/** What the warehouse's own books know no job of did not run. */
function didRun({ source, jobId }: UnpricedSettlement): boolean {
  if (source === 'not run' || source === 'repeated') return false;
  return source !== 'reconciled' || jobId !== null;
}
