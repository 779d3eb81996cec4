import type { Charge } from '../budget/apply.ts';
import type { HeldReservation } from '../budget/held.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { payersOfJobs, standingSettlements, type VersionedSettlement } from '../records/enter.ts';
import { lockRecorded } from '../records/pruning/delete-queries.ts';
import { prunedBeforeMs } from '../records/pruning/prune-journal.ts';
import { didRun } from '../records/ran.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import type { UnpricedSettlement } from './entries.ts';

/** What to do about a settlement. */
export interface PlannedSettlement extends VersionedSettlement {
  /** False if another settlement already stands; `settlement` is then that one. */
  readonly isNew: boolean;
  /** Null if the budgets have already been charged. */
  readonly charge: Charge | null;
}

const ASSUMED = 0n;
const KNOWN = 1n;

/**
 * Decides for each settlement whether it is to stand. The first known one does, replacing an assumed one, until
 * reconciliation with the warehouse says otherwise.
 * @param settlements at most one per decision
 * @param held what the decisions have reserved, locked
 */
export async function planSettlements(
  db: LedgerTransaction,
  settlements: readonly UnpricedSettlement[],
  held: readonly HeldReservation[],
): Promise<readonly PlannedSettlement[]> {
  if (settlements.length === 0) return [];
  const reserved = new Set(held.map(({ row }) => row.decision_id));
  const unreserved = settlements.map(({ decisionId }) => decisionId).filter((id) => !reserved.has(id));
  const recorded = await lockRecorded(db, unreserved);
  const standing = await standingSettlements(db, settlements);
  const payers = await payersOfJobs(db, settlements);
  const known = new Set([...standing.keys(), ...reserved]);
  const isGone = (id: string) => !known.has(id) && !recorded.has(id);
  const goneBeforeMs = unreserved.some(isGone) ? await prunedBeforeMs(db) : 0n;
  const open = new Set(held.filter(({ row }) => row.state === 'open').map(({ row }) => row.decision_id));
  return settlements.map((settlement) => {
    const { decisionId: id, source: told, admittedAtMs } = settlement;
    if (told === 'not run' && !known.has(id)) return nothingToDo(settlement);
    if (admittedAtMs < goneBeforeMs && isGone(id)) return nothingToDo(settlement);
    const plan = planOne(settlement, standing.get(settlement.decisionId), payers, open);
    const { decisionId, jobId, source } = plan.settlement;
    if (jobId !== null && source !== 'repeated') payers.get(jobId)?.add(decisionId);
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
  const settlement = isPaidByAnother(asked, payers) ? asRepeated(asked) : asked;
  const version = versionOf(settlement, before);
  if (version === null && before !== undefined) {
    // A settlement without a charge was left by an older version that died between writing the two.
    const price = { known: before.settlement.cost };
    const charge = chargeOf({ ...before.settlement, admittedAtMs, price }, undefined);
    return { ...before, isNew: false, charge: open.has(asked.decisionId) ? charge : null };
  }
  return {
    settlement: unpriced(settlement),
    version: version ?? KNOWN,
    admittedAtMs,
    tariff: tariffOf(settlement),
    isNew: true,
    charge: chargeOf(settlement, before),
  };
}

/**
 * Either the query did not run and the ledger never admitted it: it was given back just to be safe. Or its day was
 * pruned, and the day's sums already hold what it came to.
 */
function nothingToDo(asked: UnpricedSettlement): PlannedSettlement {
  const { admittedAtMs } = asked;
  const tariff = tariffOf(asked);
  return { settlement: unpriced(asked), version: KNOWN, admittedAtMs, tariff, isNew: false, charge: null };
}

function isPaidByAnother(
  { decisionId, jobId }: UnpricedSettlement,
  payers: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const ofJob = jobId === null ? undefined : payers.get(jobId);
  return ofJob !== undefined && ofJob.size > 0 && !ofJob.has(decisionId);
}

/** Null if the settlement before it is to stand. */
function versionOf(asked: UnpricedSettlement, before: VersionedSettlement | undefined): bigint | null {
  const { source } = asked;
  if (source === 'reconciled') {
    if (before !== undefined && saysTheSame(asked, before)) return null;
    return before === undefined || before.version <= KNOWN ? KNOWN + 1n : before.version + 1n;
  }
  if (before === undefined) return source === 'assumed' ? ASSUMED : KNOWN;
  return before.version === ASSUMED && source !== 'assumed' ? KNOWN : null;
}

/**
 * A correction that only confirms a known settlement changes nothing; one that confirms an assumed settlement does. A
 * change of prices is no reason for a correction: a settlement keeps the price of its day.
 */
function saysTheSame(asked: UnpricedSettlement, { settlement, tariff }: VersionedSettlement): boolean {
  const model = tariffOf(asked)?.model;
  return (
    settlement.source !== 'assumed' &&
    asked.jobId === settlement.jobId &&
    asked.bytesBilled === settlement.bytesBilled &&
    asked.slotMs === settlement.slotMs &&
    (model === undefined || tariff === null || model === tariff.model)
  );
}

function tariffOf({ price }: UnpricedSettlement): Tariff | null {
  return 'known' in price ? null : price.tariff;
}

function asRepeated(settlement: UnpricedSettlement): UnpricedSettlement {
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

/** The settlement as it will be entered, except for its cost, which comes from the charge. */
function unpriced({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const currency = 'known' in price ? price.known.currency : price.tariff.currency;
  return { ...settlement, cost: { currency, micros: 0n }, freeBytes: 0n };
}

/** What to charge. If the query was charged before, its share of the free tier is given back first. */
function chargeOf(settlement: UnpricedSettlement, before: VersionedSettlement | undefined): Charge {
  const { decisionId, admittedAtMs, atMs, bytesBilled, slotMs, source, price } = settlement;
  return {
    decisionId,
    admittedAtMs,
    atMs,
    bytesBilled,
    slotMs: BigInt(slotMs ?? 0),
    queries: didRun(settlement) ? 1n : 0n,
    price,
    freeBytesBefore: before?.settlement.freeBytes ?? 0n,
    state: source === 'assumed' ? 'assumed' : 'settled',
  };
}
