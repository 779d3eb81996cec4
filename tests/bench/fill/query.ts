import { createHash } from 'node:crypto';

/** How many there are of everything that queries are told apart by. */
export interface Company {
  readonly teams: number;
  readonly persons: number;
  readonly dashboards: number;
  readonly cards: number;
  readonly tables: number;
  /** One query of so many is refused. */
  readonly refusedOf: number;
}

/** One query of a dashboard. */
export interface FilledQuery {
  readonly id: string;
  readonly atMs: number;
  readonly card: number;
  readonly dashboard: number;
  readonly team: string;
  /** Null for a subscription, which nobody looks at. */
  readonly person: string | null;
  readonly tables: readonly string[];
  readonly bytes: bigint;
  readonly cost: bigint;
  readonly currency: 'USD' | 'BRL';
  readonly refused: boolean;
  readonly cacheHit: boolean;
  /** Whether reconciliation corrected what it came to. */
  readonly corrected: boolean;
}

export const PROJECT = 'company-warehouse';

const MICROS_PER_TIB = { USD: 6_250_000n, BRL: 34_000_000n } as const;

/** The query that comes after `i` others. */
export function queryOf(
  company: Company,
  { i, id, atMs }: { readonly i: number; readonly id: string; readonly atMs: number },
): FilledQuery {
  const card = spread(i, company.cards);
  const team = card % company.teams;
  const bytes = BigInt(10 + spread(i * 13, 4000)) << 20n;
  const currency = team % 10 === 9 ? 'BRL' : 'USD';
  const first = card % (company.tables - 1);
  return {
    id,
    atMs,
    card,
    dashboard: card % company.dashboards,
    team: `team-${team}`,
    person: i % 40 === 3 ? null : String(spread(i * 7, company.persons)),
    tables: [first, first + 1].slice(0, 1 + (card % 2)).map((n) => `table_${n}`),
    bytes,
    cost: (bytes * MICROS_PER_TIB[currency]) / (1n << 40n) + 1n,
    currency,
    refused: i % company.refusedOf === 0,
    cacheHit: i % 3 === 0,
    corrected: i % 200 === 7,
  };
}

/** Spreads numbers evenly enough, the same each time. */
function spread(i: number, count: number): number {
  return (Math.imul(i + 1, 2_654_435_761) >>> 0) % count;
}

/** The same for the same card. */
export function fingerprintOf(card: number): string {
  return createHash('sha256').update(`card ${card}`).digest('hex').slice(0, 32);
}
