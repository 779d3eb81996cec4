import { sql } from 'kysely';
import { dayAt } from '../../foundation/calendar/days.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { REFUSED, slicesOf } from '../../ledger/statements/slices.ts';
import type { RecordedPerson, RefusedNeed } from '../../records/refusals/refused-needs.ts';
import { highest, keyOfAsker, mostBilled, type RunsQuery } from './most-billed.ts';
import { type BilledRun, type Saving, savingOf, TAKEN_WITHIN_DAYS } from './saving.ts';

/** A form that was offered to somebody in place of a query, and when. */
interface Offer {
  readonly fingerprint: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** A need, and the runs that count as replacing it. */
export interface Candidate {
  readonly need: PricedNeed;
  readonly afterAll: RunsQuery;
  readonly offered: readonly RunsQuery[];
}

/** The needs of one day, with what may have run in their place. Needs without a price are left out. */
export async function candidatesOfDay(
  db: LedgerReader,
  needs: readonly RefusedNeed[],
  timeZone: string,
): Promise<readonly Candidate[]> {
  const [first] = needs;
  if (first === undefined) return [];
  const { startMs, endMs } = dayAt(first.firstAtMs, timeZone);
  const offers = await offersWithin(db, startMs, endMs);
  return distinctPriced(needs).map((need) => runsInPlaceOf(need, offers.get(keyOf(need)) ?? [], endMs));
}

/** What was saved by needs, after what ran in their place. */
export async function savingsOf(
  db: LedgerReader,
  candidates: readonly Candidate[],
): Promise<readonly Saving[]> {
  if (candidates.length === 0) return [];
  const highestOf = await mostBilled(
    db,
    candidates.flatMap(({ afterAll, offered }) => [afterAll, ...offered]),
  );
  const highestAmong = (runs: readonly RunsQuery[]) =>
    runs
      .map((run) => highestOf.get(run))
      .filter((run) => run !== undefined)
      .reduce<BilledRun | undefined>(highest, undefined) ?? null;
  return candidates.map(({ need, afterAll, offered }) =>
    savingOf({
      ...need,
      ranAfterAll: highestOf.get(afterAll) ?? null,
      tookRewrite: highestAmong(offered),
    }),
  );
}

type PricedNeed = RefusedNeed & {
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
  readonly currency: string;
};

/** A need that was priced in two currencies on a day counts once, in the first. */
function distinctPriced(needs: readonly RefusedNeed[]): readonly PricedNeed[] {
  const once = new Map<string, PricedNeed>();
  for (const need of needs.toSorted((a, b) => a.firstAtMs - b.firstAtMs)) {
    if (isPriced(need) && !once.has(keyOf(need))) once.set(keyOf(need), need);
  }
  return [...once.values()];
}

function isPriced(need: RefusedNeed): need is PricedNeed {
  return need.bytesBilled !== null && need.costMicros !== null && need.currency !== null;
}

function keyOf({
  fingerprint,
  asker,
}: {
  readonly fingerprint: string;
  readonly asker: RecordedPerson;
}): string {
  return `${fingerprint} ${keyOfAsker(asker)}`;
}

/** The forms offered for each need of a day. */
async function offersWithin(
  db: LedgerReader,
  fromMs: number,
  toMs: number,
): Promise<ReadonlyMap<string, readonly Offer[]>> {
  const offers = new Map<string, Offer[]>();
  for await (const slice of slicesOf(db, 'refusals', { fromMs, toMs })) {
    const rows = await db
      .selectFrom('decisions')
      .innerJoin('rewrites', 'rewrites.decision_id', 'decisions.id')
      .where('decisions.at_ms', '>=', slice.fromMs)
      .where('decisions.at_ms', '<', slice.toMs)
      .where('decisions.outcome', '=', REFUSED)
      .groupBy(['decisions.fingerprint', 'tool', 'principal', 'person', 'rewrites.fingerprint'])
      .select(['decisions.fingerprint', 'tool', 'principal', 'person', 'rewrites.fingerprint as offered'])
      .select((eb) => [
        sql<bigint>`min(${eb.ref('decisions.at_ms')})`.as('first_at_ms'),
        sql<bigint>`max(${eb.ref('decisions.at_ms')})`.as('last_at_ms'),
      ])
      .execute();
    for (const { fingerprint, offered, first_at_ms, last_at_ms, ...asker } of rows) {
      const key = keyOf({ fingerprint, asker });
      const offer = { fingerprint: offered, firstAtMs: Number(first_at_ms), lastAtMs: Number(last_at_ms) };
      offers.set(key, [...(offers.get(key) ?? []), offer]);
    }
  }
  return offers;
}

/**
 * Which runs count as replacing a need: the query itself until the end of the day, since a budget may be raised or a
 * rule changed; and the forms that were offered. A form identical to the query counts as a form once it is offered.
 */
function runsInPlaceOf(need: PricedNeed, offers: readonly Offer[], endMs: number): Candidate {
  const { fingerprint, asker, currency } = need;
  const identical = offers.filter((offer) => offer.fingerprint === fingerprint);
  const toMs = Math.min(endMs, ...identical.map(({ firstAtMs }) => firstAtMs));
  return {
    need,
    afterAll: { fingerprint, asker, currency, fromMs: need.firstAtMs, toMs },
    offered: offers.map((offer) => ({
      fingerprint: offer.fingerprint,
      asker,
      currency,
      fromMs: offer.firstAtMs,
      toMs: offer.lastAtMs + TAKEN_WITHIN_DAYS * DAY_MS,
    })),
  };
}
