import { sql } from 'kysely';
import type { LedgerReader } from '../ledger/ledger.ts';
import { dayAt } from '../records/calendar-days.ts';
import type { Asker, RefusedNeed } from '../records/refused-needs.ts';
import { REFUSED, slicesOf } from '../records/slices.ts';
import { mostBilled, together } from './most-billed.ts';
import { type Ran, type Saving, savingOf } from './saving.ts';

/** A form that is run later than this after it was offered was hardly run because of it. */
export const TAKEN_WITHIN_DAYS = 7;

const DAY_MS = 86_400_000;

/** A form that was offered to somebody in place of a query, and when. */
interface Offer {
  readonly fingerprint: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What the refusals of one day saved. Needs without a price are left out. */
export async function savingsOfDay(
  db: LedgerReader,
  needs: readonly RefusedNeed[],
  timeZone: string,
): Promise<readonly Saving[]> {
  const [first] = needs;
  if (first === undefined) return [];
  const { startMs, endMs } = dayAt(first.firstAtMs, timeZone);
  const offers = await offersWithin(db, startMs, endMs);
  const savings: Saving[] = [];
  for (const need of oncePriced(needs)) {
    const offered = offers.get(keyOf(need)) ?? [];
    savings.push(
      savingOf({
        ...need,
        ranAfterAll: await ranAfterAll(db, need, { offered, endMs }),
        tookRewrite: await tookRewrite(db, need, offered),
      }),
    );
  }
  return savings;
}

type Priced = RefusedNeed & {
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
  readonly currency: string;
};

/** One need that was priced in two currencies on a day counts once, in the first. */
function oncePriced(needs: readonly RefusedNeed[]): readonly Priced[] {
  const once = new Map<string, Priced>();
  for (const need of needs.toSorted((a, b) => a.firstAtMs - b.firstAtMs)) {
    if (isPriced(need) && !once.has(keyOf(need))) once.set(keyOf(need), need);
  }
  return [...once.values()];
}

function isPriced(need: RefusedNeed): need is Priced {
  return need.bytesBilled !== null && need.costMicros !== null && need.currency !== null;
}

function keyOf({ fingerprint, asker }: { readonly fingerprint: string; readonly asker: Asker }): string {
  return JSON.stringify([fingerprint, asker.tool, asker.principal, asker.person]);
}

/** The forms offered for each need of a day. */
async function offersWithin(
  db: LedgerReader,
  fromMs: number,
  toMs: number,
): Promise<ReadonlyMap<string, readonly Offer[]>> {
  const offers = new Map<string, Offer[]>();
  for await (const slice of slicesOf(db, 'refusals', { fromMs, toMs }, null)) {
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

/** After a budget was raised, a rule was changed, or the table had shrunk. A form that was offered is told as such. */
async function ranAfterAll(
  db: LedgerReader,
  need: Priced,
  { offered, endMs }: { readonly offered: readonly Offer[]; readonly endMs: number },
): Promise<Ran | null> {
  if (offered.some(({ fingerprint }) => fingerprint === need.fingerprint)) return null;
  return mostBilled(db, { ...need, fromMs: need.firstAtMs, toMs: endMs });
}

async function tookRewrite(db: LedgerReader, need: Priced, offered: readonly Offer[]): Promise<Ran | null> {
  let most: Ran | null = null;
  for (const { fingerprint, firstAtMs, lastAtMs } of offered) {
    const toMs = lastAtMs + TAKEN_WITHIN_DAYS * DAY_MS;
    const ran = await mostBilled(db, { ...need, fingerprint, fromMs: firstAtMs, toMs });
    most = together(most, ran);
  }
  return most;
}
