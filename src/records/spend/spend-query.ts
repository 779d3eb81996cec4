import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';

/** What spend can be summed by. */
export const spendKeys = [
  'team',
  'principal',
  'person',
  'dashboard',
  'card',
  'table',
  'fingerprint',
  'day',
  'project',
  'tool',
] as const;
export type SpendKey = (typeof spendKeys)[number];

export interface SpendQuery {
  /** One to four, each once; `table` goes with `team` and `day` only. */
  readonly by: readonly SpendKey[];
  /** From this instant of admission, inclusive … */
  readonly fromMs: number;
  /** … to this one, exclusive. */
  readonly toMs: number;
  /** Only this team's spend. */
  readonly team?: string;
  /** IANA name: where days begin. UTC by default. */
  readonly timeZone?: string;
}

/** What settled queries came to. Currencies are never added up: each has its own row. */
export interface SpendRow {
  /** The team, person and so on, in the order of the query's `by`; null if the queries name none. */
  readonly keys: readonly (string | null)[];
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  /** The part of the bytes billed that the free tier covered. */
  readonly freeBytes: Bytes;
  readonly costMicros: Micros;
  readonly slotMs: bigint;
  /**
   * The part of this row that other rows count as well; always 0 unless by table. A column minus its shared part counts
   * each query once over all rows.
   */
  readonly sharedQueries: number;
  readonly sharedBytesBilled: Bytes;
  readonly sharedCostMicros: Micros;
}

/** How many keys spend can be summed by at once. */
const MAX_KEYS = 4;

/** Why spend cannot be summed by these keys together; null if it can. */
export function keysProblem(by: readonly SpendKey[]): string | null {
  if (by.length === 0 || by.length > MAX_KEYS) return `Sum spend by one to ${MAX_KEYS} keys.`;
  if (new Set(by).size < by.length) return 'Sum spend by each key once.';
  // Roll-ups keep no other keys for tables.
  const beside = by.filter((key) => key !== 'table' && key !== 'team' && key !== 'day');
  if (!by.includes('table') || beside.length === 0) return null;
  return `Spend by table is not kept by ${beside.join(', ')}: sum it by table, team and day only.`;
}

/** The time zone of days if they are told apart; else null. */
export function zoneOfDays({ by, timeZone = 'UTC' }: SpendQuery): string | null {
  return by.includes('day') ? timeZone : null;
}
