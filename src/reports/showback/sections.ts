import { compare } from '../../foundation/lists/compare.ts';
import type {
  CurrencySection,
  DatedCost,
  Part,
  Ranked,
  Ranking,
  RankingKind,
  Refused,
  SpendAmounts,
  TeamSpend,
} from './month-report.ts';

/** Spend by some keys, in one currency. */
interface SpendSum extends SpendAmounts {
  readonly keys: readonly (string | null)[];
  readonly currency: string;
  /** For persons: whether the first key is an account. */
  readonly isAccount?: boolean;
  /** For dashboards and cards. */
  readonly team?: string | null;
}

/** What is counted of the spend apart, of one day in one currency. */
interface CountedPart extends Part {
  readonly day: string;
  readonly currency: string;
}

/** What the report is made from; every list holds all currencies. */
export interface Gathered {
  /** Keys: team, day. */
  readonly byTeamAndDay: readonly SpendSum[];
  /** The month before: any keys. */
  readonly before: readonly SpendSum[];
  /** Keys: name, and what distinguishes it from another with the same name. */
  readonly rankings: Readonly<Record<RankingKind, readonly SpendSum[]>>;
  readonly refused: readonly (Refused & { readonly currency: string })[];
  readonly cached: readonly CountedPart[];
  readonly unguarded: readonly CountedPart[];
  readonly assumed: readonly CountedPart[];
}

const MAX_RANKED = 10;

const NOTHING: SpendAmounts = { queries: 0, bytesBilled: 0n, freeBytes: 0n, costMicros: 0n, slotMs: 0n };

/** One section for each currency in which anything was spent or refused, the one with most queries first. */
export function sectionsOf(gathered: Gathered): readonly CurrencySection[] {
  const currencies = new Set([...gathered.byTeamAndDay, ...gathered.refused].map(({ currency }) => currency));
  return [...currencies]
    .map((currency) => sectionOf(currency, gathered))
    .toSorted((a, b) => b.total.queries - a.total.queries || (a.currency < b.currency ? -1 : 1));
}

function sectionOf(currency: string, gathered: Gathered): CurrencySection {
  const within = <T extends { readonly currency: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.currency === currency);
  const spent = within(gathered.byTeamAndDay);
  const before = within(gathered.before);
  const [refused] = within(gathered.refused);
  const ranked = (kind: RankingKind) => rankingOf(within(gathered.rankings[kind]), kind);
  return {
    currency,
    total: sum(spent),
    beforeMicros: before.length === 0 ? null : sum(before).costMicros,
    teams: teamsOf(spent),
    rankings: {
      dashboard: ranked('dashboard'),
      card: ranked('card'),
      person: ranked('person'),
      table: ranked('table'),
      fingerprint: ranked('fingerprint'),
    },
    refused: refused ?? { attempts: 0, queries: 0, costMicros: 0n, days: new Map() },
    cached: sum(within(gathered.cached)),
    unguarded: datedCostOf(within(gathered.unguarded)),
    assumed: datedCostOf(within(gathered.assumed)),
  };
}

function datedCostOf(days: readonly CountedPart[]): DatedCost {
  return { ...sum(days), days: new Map(days.map(({ day, ...cost }) => [day, cost])) };
}

function teamsOf(spent: readonly SpendSum[]): readonly TeamSpend[] {
  return [...Map.groupBy(spent, ({ keys: [team = null] }) => team)]
    .map(([name, rows]) => ({
      name,
      ...sum(rows),
      days: new Map(
        [...Map.groupBy(rows, ({ keys }) => keys[1] ?? '')].map(([day, ofDay]) => [day, sum(ofDay)]),
      ),
    }))
    .toSorted(mostExpensiveFirst);
}

function rankingOf(spent: readonly SpendSum[], kind: RankingKind): Ranking {
  const named = spent.flatMap((row) => {
    const name = row.keys[0] ?? null;
    return name === null ? [] : [rankedOf(name, row)];
  });
  const sorted = named.toSorted(mostExpensiveFirst);
  const rest = sorted.slice(MAX_RANKED);
  const unnamed = spent.filter(({ keys }) => (keys[0] ?? null) === null);
  return {
    first: sorted.slice(0, MAX_RANKED),
    others: kind === 'table' || rest.length === 0 ? null : { ...sum(rest), count: rest.length },
    unnamed: unnamed.length === 0 ? null : sum(unnamed),
  };
}

function rankedOf(name: string, { keys, isAccount = false, team = null, ...row }: SpendSum): Ranked {
  const detail = keys.slice(1).filter((key) => key !== null);
  return {
    ...row,
    name,
    isAccount,
    team,
    detail: detail.length === 0 ? null : detail.join(' · '),
    sql: null,
  };
}

/** By cost, and by bytes if the cost is the same, for example nothing. */
function mostExpensiveFirst(a: Part, b: Part): number {
  return (
    compare(b.costMicros, a.costMicros) || compare(b.bytesBilled, a.bytesBilled) || b.queries - a.queries
  );
}

function sum(parts: readonly (Part & Partial<SpendAmounts>)[]): SpendAmounts {
  return parts.reduce<SpendAmounts>(
    (total, part) => ({
      queries: total.queries + part.queries,
      bytesBilled: total.bytesBilled + part.bytesBilled,
      freeBytes: total.freeBytes + (part.freeBytes ?? 0n),
      costMicros: total.costMicros + part.costMicros,
      slotMs: total.slotMs + (part.slotMs ?? 0n),
    }),
    NOTHING,
  );
}
