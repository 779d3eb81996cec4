import { DAY_MS } from '../calendar/durations.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import {
  type Evidence,
  type RecordedUse,
  type SunsetReport,
  type TableUser,
  type UserKind,
  useKinds,
  userKinds,
} from './report.ts';
import { judge } from './verdict.ts';

const WEEK_MS = 7 * DAY_MS;

/** What a table's sunset is judged by. */
export interface SunsetBasis {
  readonly table: string;
  readonly entry: CatalogEntry | null;
  readonly nowMs: number;
  readonly days: number;
  /** How many weeks were looked at, back from now. */
  readonly weeks: number;
  readonly evidence: Evidence;
}

/** Sums up who uses a table, and whether it can be retired. */
export function sunsetReport(basis: SunsetBasis, uses: readonly RecordedUse[]): SunsetReport {
  const { table, entry, nowMs, days, evidence } = basis;
  const fromMs = nowMs - days * DAY_MS;
  const recentUses = uses.filter(({ atMs }) => atMs >= fromMs);
  const recent = Object.fromEntries(
    useKinds.map((kind) => [kind, recentUses.filter((use) => use.kind === kind).length]),
    // Object.fromEntries does not know that every kind is there.
  ) as SunsetReport['recent'];
  const users = Object.fromEntries(
    userKinds.map((kind) => [kind, usersOf(kind, uses, fromMs)]),
  ) as SunsetReport['users'];
  return {
    table,
    entry,
    nowMs,
    days,
    ...judge({ days, nowMs, recentUses: recentUses.length, evidence }),
    evidence,
    recent,
    lastMs: uses.reduce<number | null>((last, { atMs }) => Math.max(last ?? atMs, atMs), null),
    weeks: Array.from({ length: basis.weeks }, (_, week) => usesInWeek(uses, nowMs, week)),
    users,
  };
}

function usesInWeek(uses: readonly RecordedUse[], nowMs: number, week: number): number {
  const endMs = nowMs - week * WEEK_MS;
  return uses.filter(({ atMs }) => atMs < endMs && atMs >= endMs - WEEK_MS).length;
}

function usersOf(kind: UserKind, uses: readonly RecordedUse[], fromMs: number): readonly TableUser[] {
  return [...Map.groupBy(uses, (use) => use[kind])]
    .flatMap(([name, own]) => (name === null ? [] : [userOf(name, own, fromMs)]))
    .toSorted((a, b) => b.recentUses - a.recentUses || b.uses - a.uses || (a.name < b.name ? -1 : 1));
}

function userOf(name: string, uses: readonly RecordedUse[], fromMs: number): TableUser {
  return {
    name,
    uses: uses.length,
    recentUses: uses.filter(({ atMs }) => atMs >= fromMs).length,
    lastMs: uses.reduce((last, { atMs }) => Math.max(last, atMs), 0),
  };
}
