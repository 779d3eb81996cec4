import type { Charge } from '../budget/reservations/apply.ts';
import type { HeldReservation } from '../budget/reservations/held.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { didRun } from '../records/did-run.ts';
import { latestSettlements, payersOfJobs, type VersionedSettlement } from '../records/enter.ts';
import { lockRecorded } from '../records/pruning/delete-queries.ts';
import { prunedBeforeMs } from '../records/pruning/prune-journal.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../vocabulary/unpriced-settlement.ts';

/** What to do about a settlement. */
export interface PlannedSettlement extends VersionedSettlement {
  /** False if another settlement already stands; `settlement` is then that one. */
  readonly isNew: boolean;
  /** Null if the budgets have already been charged. */
  readonly charge: Charge | null;
}

const ASSUMED_VERSION = 0n;
const KNOWN_VERSION = 1n;

/** What the ledger knows about a query before this settlement of it. */
interface KnownQuery {
  /** Null if it has reserved nothing. */
  readonly held: HeldReservation | null;
  /** Null if it has not been settled yet. */
  readonly latest: VersionedSettlement | null;
  /** Whether its decision is recorded; looked up only if it has reserved nothing. */
  readonly isRecorded: boolean;
}

/** Which decisions have settled each job. */
type Payers = ReadonlyMap<string, Set<string>>;

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
  const knownQuery = await knownQueries(db, settlements, held);
  const payers = await payersOfJobs(db, settlements);
  const mayBePruned = settlements.some(({ decisionId }) => isUnheardOf(knownQuery(decisionId)));
  const prunedBefore = mayBePruned ? await prunedBeforeMs(db) : 0n;
  return settlements.map((incoming) => {
    const query = knownQuery(incoming.decisionId);
    if (wasNeverAdmitted(incoming, query)) return withoutEffect(incoming);
    if (isUnheardOf(query) && incoming.admittedAtMs < prunedBefore) return withoutEffect(incoming);
    const plan = planSettlement(incoming, query, payers);
    const { decisionId, jobId } = plan.settlement;
    if (jobId !== null) payers.get(jobId)?.add(decisionId);
    return plan;
  });
}

/** Locks the decisions that it looks up, so that they are not pruned before the settlements are entered. */
async function knownQueries(
  db: LedgerTransaction,
  settlements: readonly UnpricedSettlement[],
  held: readonly HeldReservation[],
): Promise<(decisionId: string) => KnownQuery> {
  const heldBy = new Map(held.map((reservation) => [reservation.row.decision_id, reservation]));
  const unreserved = settlements.map(({ decisionId }) => decisionId).filter((id) => !heldBy.has(id));
  const recorded = await lockRecorded(db, unreserved);
  const latestOf = await latestSettlements(db, settlements);
  return (decisionId) => ({
    held: heldBy.get(decisionId) ?? null,
    latest: latestOf.get(decisionId) ?? null,
    isRecorded: recorded.has(decisionId),
  });
}

function isUnheardOf({ held, latest, isRecorded }: KnownQuery): boolean {
  return held === null && latest === null && !isRecorded;
}

function wasNeverAdmitted({ source }: UnpricedSettlement, { held, latest }: KnownQuery): boolean {
  return source === 'not run' && held === null && latest === null;
}

function planSettlement(
  incoming: UnpricedSettlement,
  { held, latest }: KnownQuery,
  payers: Payers,
): PlannedSettlement {
  const { admittedAtMs } = incoming;
  const settlement = isPaidByAnother(incoming, payers) ? asRepeated(incoming) : incoming;
  const version = versionOf(settlement, latest);
  if (version === null && latest !== null) {
    // A settlement without a charge was left by an older version that died between writing the two.
    const price = { known: latest.settlement.cost };
    const charge = chargeOf({ ...latest.settlement, admittedAtMs, price }, null);
    return { ...latest, isNew: false, charge: held?.row.state === 'open' ? charge : null };
  }
  return {
    settlement: atNoCost(settlement),
    version: version ?? KNOWN_VERSION,
    admittedAtMs,
    tariff: tariffOf(settlement),
    isNew: true,
    charge: chargeOf(settlement, latest),
  };
}

/**
 * Either the query did not run and the ledger never admitted it: it was given back just to be safe. Or its day was
 * pruned, and the day's sums already hold what it came to.
 */
function withoutEffect(incoming: UnpricedSettlement): PlannedSettlement {
  const { admittedAtMs } = incoming;
  const tariff = tariffOf(incoming);
  return {
    settlement: atNoCost(incoming),
    version: KNOWN_VERSION,
    admittedAtMs,
    tariff,
    isNew: false,
    charge: null,
  };
}

function isPaidByAnother({ decisionId, jobId }: UnpricedSettlement, payers: Payers): boolean {
  const ofJob = jobId === null ? undefined : payers.get(jobId);
  return ofJob !== undefined && ofJob.size > 0 && !ofJob.has(decisionId);
}

/** Null if the settlement before it is to stand. */
function versionOf(incoming: UnpricedSettlement, latest: VersionedSettlement | null): bigint | null {
  const { source } = incoming;
  if (source === 'reconciled') {
    if (latest !== null && confirms(incoming, latest)) return null;
    return latest === null || latest.version <= KNOWN_VERSION ? KNOWN_VERSION + 1n : latest.version + 1n;
  }
  if (latest === null) return source === 'assumed' ? ASSUMED_VERSION : KNOWN_VERSION;
  return latest.version === ASSUMED_VERSION && source !== 'assumed' ? KNOWN_VERSION : null;
}

/**
 * A correction that only confirms a known settlement changes nothing; one that confirms an assumed settlement does. A
 * change of prices is no reason for a correction: a settlement keeps the price of its day.
 */
function confirms(incoming: UnpricedSettlement, { settlement, tariff }: VersionedSettlement): boolean {
  const model = tariffOf(incoming)?.model;
  return (
    settlement.source !== 'assumed' &&
    incoming.jobId === settlement.jobId &&
    incoming.bytesBilled === settlement.bytesBilled &&
    incoming.slotMs === settlement.slotMs &&
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
function atNoCost({ price, admittedAtMs: _admitted, ...settlement }: UnpricedSettlement): Settlement {
  const currency = 'known' in price ? price.known.currency : price.tariff.currency;
  return { ...settlement, cost: { currency, micros: 0n }, freeBytes: 0n };
}

/** What to charge. If the query was charged before, its share of the free tier is given back first. */
function chargeOf(settlement: UnpricedSettlement, latest: VersionedSettlement | null): Charge {
  const { decisionId, admittedAtMs, atMs, bytesBilled, slotMs, source, price } = settlement;
  return {
    decisionId,
    admittedAtMs,
    atMs,
    bytesBilled,
    slotMs: BigInt(slotMs ?? 0),
    queries: didRun(settlement) ? 1n : 0n,
    price,
    freeBytesBefore: latest?.settlement.freeBytes ?? 0n,
    state: source === 'assumed' ? 'assumed' : 'settled',
  };
}
