import { sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { REFUSED, slicesOf } from '../../ledger/statements/slices.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** A person in the books: the tool, the principal, and the tool's name for the person. */
export interface RecordedPerson {
  readonly tool: string | null;
  readonly principal: string | null;
  readonly person: string | null;
}

/**
 * What somebody wanted on a day and was refused. Whoever is refused tries again, so the same query by the same person
 * is one need per day, however often they try.
 */
export interface RefusedNeed {
  /** `2026-11-24`. */
  readonly day: string;
  readonly fingerprint: string;
  readonly asker: RecordedPerson;
  /** At the first attempt. */
  readonly team: string;
  readonly attempts: number;
  /** The lowest estimate, so that trying again never raises it; null if none had a price. */
  readonly bytesBilled: Bytes | null;
  readonly costMicros: Micros | null;
  /** Of the price; null if there is none. */
  readonly currency: string | null;
  readonly firstAtMs: number;
}

/** A time span, and the calendar of its days. */
export interface NeedsSpan extends TimeSpan {
  /** Where the days begin. */
  readonly timeZone: string;
}

/**
 * The refused needs of each day in a span that has any, in order of days. Needs priced in two currencies count as two.
 */
export async function* refusedNeeds(
  db: LedgerReader,
  span: NeedsSpan,
): AsyncGenerator<readonly RefusedNeed[], void> {
  let day: string | null = null;
  let needs = new Map<string, RefusedNeed>();
  for await (const slice of slicesOf(db, 'refusals', span, { timeZone: span.timeZone })) {
    if (slice.day !== day && needs.size > 0) {
      yield [...needs.values()];
      needs = new Map();
    }
    day = slice.day;
    for (const need of await needsWithin(db, { ...slice, day: slice.day ?? '' })) addTo(needs, need);
  }
  if (needs.size > 0) yield [...needs.values()];
}

function addTo(needs: Map<string, RefusedNeed>, need: RefusedNeed): void {
  const { fingerprint, asker, currency } = need;
  const key = JSON.stringify([fingerprint, asker.tool, asker.principal, asker.person, currency]);
  const existing = needs.get(key);
  needs.set(key, existing === undefined ? need : merge(existing, need));
}

function merge(a: RefusedNeed, b: RefusedNeed): RefusedNeed {
  const first = a.firstAtMs <= b.firstAtMs ? a : b;
  return {
    ...first,
    attempts: a.attempts + b.attempts,
    bytesBilled: lower(a.bytesBilled, b.bytesBilled),
    costMicros: lower(a.costMicros, b.costMicros),
  };
}

function lower(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

async function needsWithin(
  db: LedgerReader,
  { fromMs, toMs, day }: { readonly fromMs: bigint; readonly toMs: bigint; readonly day: string },
): Promise<readonly RefusedNeed[]> {
  const rows = await db
    .selectFrom('decisions')
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<', toMs)
    .where('outcome', '=', REFUSED)
    .groupBy(['fingerprint', 'tool', 'principal', 'person', 'team', 'estimated_currency'])
    .select(['fingerprint', 'tool', 'principal', 'person', 'team', 'estimated_currency as currency'])
    .select((eb) => [
      eb.fn.countAll<bigint>().as('attempts'),
      eb.fn.min('estimated_bytes_billed').as('bytes_billed'),
      eb.fn.min('estimated_cost_micros').as('cost_micros'),
      sql<bigint>`min(${eb.ref('at_ms')})`.as('first_at_ms'),
    ])
    .execute();
  return rows.map(({ fingerprint, tool, principal, person, team, currency, ...row }) => ({
    day,
    fingerprint,
    asker: { tool, principal, person },
    team,
    attempts: Number(row.attempts),
    bytesBilled: row.bytes_billed,
    costMicros: row.cost_micros,
    currency,
    firstAtMs: Number(row.first_at_ms),
  }));
}
