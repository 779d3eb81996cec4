import { DAY_MS } from '../../foundation/calendar/durations.ts';
import {
  type RecordedUse,
  type SunsetReport,
  type TableUser,
  type UseKind,
  type UserKind,
  userKinds,
} from './report.ts';

const WEEK_MS = 7 * DAY_MS;

/** When uses are counted. */
export interface TallySpan {
  readonly nowMs: number;
  /** The days that decide. */
  readonly days: number;
  /** How many weeks are looked at, back from now. */
  readonly weeks: number;
}

/** What the uses of a table add up to. */
export type TalliedUses = Pick<SunsetReport, 'recent' | 'lastMs' | 'weeks' | 'users'>;

/** Adds up the uses of a table one by one: a table may have been used by millions of queries. */
export interface Tally {
  add(use: RecordedUse): void;
  uses(): TalliedUses;
}

export function createTally({ nowMs, days, weeks }: TallySpan): Tally {
  const fromMs = nowMs - days * DAY_MS;
  const recent: Record<UseKind, number> = { read: 0, refused: 0, failed: 0, unguarded: 0 };
  const inWeek = Array.from({ length: weeks }, () => 0);
  const users: Readonly<Record<UserKind, Map<string, TableUser>>> = {
    team: new Map(),
    principal: new Map(),
    person: new Map(),
    dashboard: new Map(),
    card: new Map(),
  };
  let lastMs: number | null = null;
  return {
    add(use) {
      const { atMs } = use;
      const isRecent = atMs >= fromMs;
      if (isRecent) recent[use.kind] += 1;
      lastMs = Math.max(lastMs ?? atMs, atMs);
      // A use a week ago is in the first week, and one at this instant in none.
      const week = Math.ceil((nowMs - atMs) / WEEK_MS) - 1;
      if (inWeek[week] !== undefined) inWeek[week] += 1;
      for (const kind of userKinds) {
        const name = use[kind];
        if (name !== null) users[kind].set(name, withUse(users[kind].get(name), { name, atMs, isRecent }));
      }
    },
    uses: () => ({
      recent,
      lastMs,
      weeks: inWeek,
      users: {
        team: inOrder(users.team),
        principal: inOrder(users.principal),
        person: inOrder(users.person),
        dashboard: inOrder(users.dashboard),
        card: inOrder(users.card),
      },
    }),
  };
}

function withUse(
  user: TableUser | undefined,
  { name, atMs, isRecent }: { readonly name: string; readonly atMs: number; readonly isRecent: boolean },
): TableUser {
  const { uses = 0, recentUses = 0, lastMs = 0 } = user ?? {};
  return {
    name,
    uses: uses + 1,
    recentUses: recentUses + (isRecent ? 1 : 0),
    lastMs: Math.max(lastMs, atMs),
  };
}

/** Those with the most uses first. */
function inOrder(users: ReadonlyMap<string, TableUser>): readonly TableUser[] {
  return [...users.values()].toSorted(
    (a, b) => b.recentUses - a.recentUses || b.uses - a.uses || (a.name < b.name ? -1 : 1),
  );
}
