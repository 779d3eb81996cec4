import fc from 'fast-check';

/** What becomes of a query. */
const fates = [
  'answered',
  'answered',
  'answered by a job',
  'cached',
  'refused',
  'not priced',
  'failed',
  'cancelled',
  'running',
  'not run',
  'assumed',
  'assumed, then known',
  'repeated',
  'its decision is lost',
  'a load job',
  'settled at other figures',
  'settled by the wrong tariff',
  'without a job',
  'unguarded',
  'unguarded, its bytes hidden',
] as const;
export type Fate = (typeof fates)[number];

/** Days begin here; in November of 2026, the first of them has 25 hours. */
export const ZONE = 'America/New_York';
export const MONTH = '2026-11';
/** Some hours before that month begins, and after it has ended, in whichever zone. */
export const SPAN = { fromMs: Date.UTC(2026, 9, 31), toMs: Date.UTC(2026, 11, 2) };

/** A query of a month, as it is drawn. */
export interface Draft {
  readonly atMs: number;
  readonly fate: Fate;
  readonly team: string;
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly fingerprint: string;
  readonly tables: readonly string[];
  /** Whether its project pays by the slot. */
  readonly isOnSlots: boolean;
  readonly bytes: bigint;
  readonly slotMs: bigint;
}

/** What a policy says about money, which changes during the month. */
export interface Prices {
  readonly freeBytesPerMonth: bigint;
  /** From then on, a TiB costs another price, and budgets and teams have other names. */
  readonly editedAtMs: number;
  /** Whether that edit also changes the currency. */
  readonly changesCurrency: boolean;
}

const edges = [
  '2026-11-01T03:59:59.999Z',
  '2026-11-01T04:00:00Z',
  '2026-11-01T05:30:00Z',
  '2026-11-01T06:30:00Z',
  '2026-11-02T04:59:59.999Z',
  '2026-11-02T05:00:00Z',
  '2026-12-01T04:59:59.999Z',
  '2026-12-01T05:00:00Z',
];

const draft: fc.Arbitrary<Draft> = fc.record({
  atMs: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: SPAN.fromMs, max: SPAN.toMs - 2 * 3_600_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(...edges).map((at) => Date.parse(at)) },
  ),
  fate: fc.constantFrom(...fates),
  team: fc.constantFrom('atendimento', 'finops'),
  person: fc.constantFrom('12', '13', null),
  dashboard: fc.option(fc.nat(20).map(String)),
  fingerprint: fc.constantFrom('q', 'p'),
  tables: fc.subarray(['tickets', 'messages', 'agents']),
  isOnSlots: fc.nat(4).map((n) => n === 0),
  bytes: fc.oneof(fc.bigInt(1n, 1n << 41n), fc.constantFrom(1n, 10n << 20n)),
  slotMs: fc.bigInt(0n, 10_000_000n),
});

/** A month of queries of all kinds. */
export interface DrawnMonth {
  readonly drafts: readonly Draft[];
  readonly prices: Prices;
  /** How many of them are copied, for sums of spend, before the next happens. */
  readonly copied: number;
}

export const months: fc.Arbitrary<DrawnMonth> = fc.record({
  drafts: fc.array(draft, { minLength: 1, maxLength: 40, size: 'max' }),
  prices: fc.record({
    freeBytesPerMonth: fc.constantFrom(0n, 1n << 40n),
    editedAtMs: fc.integer({ min: SPAN.fromMs, max: SPAN.toMs }),
    changesCurrency: fc.nat(3).map((n) => n === 0),
  }),
  copied: fc.nat(30),
});
