import { dayAfter, startOfDay } from '../../foundation/calendar/days.ts';
import type { Restraint, RuleMode } from '../../vocabulary/policy.ts';
import type { LifeEntry, RollOutShare } from '../document/rule-life-schema.ts';
import { isRolledOut } from './roll-out.ts';

/** A day in the policy's time zone, as written and as the instant when it begins. */
interface Day {
  readonly date: string;
  readonly startMs: number;
}

/**
 * What a rule does at which time: before `warnFrom` it audits, then it warns, and from `enforceFrom` on it does what
 * its mode says.
 */
interface Schedule {
  /** Null for a rule that only caps. */
  readonly mode: RuleMode | null;
  readonly warnFrom: Day | null;
  readonly enforceFrom: Day | null;
}

/** A rule's schedule for teams without one of their own, its schedules for single teams, and its roll-out. */
export interface RuleLife {
  readonly schedule: Schedule;
  readonly byTeam: ReadonlyMap<string, Schedule>;
  readonly rollOut: RollOutShare | null;
}

/** What a rule says for a team, and how much of that is in force for a query. */
export interface ModeInForce {
  /** Null for a rule that only caps. */
  readonly mode: RuleMode | null;
  /** The most that it does now: `deny` if nothing holds it back. */
  readonly atMost: RuleMode;
  readonly heldBackBy: Restraint | null;
}

type ScheduleEntry = Pick<LifeEntry, 'warn_from' | 'enforce_from'> & { readonly mode?: RuleMode | undefined };

/** @param timeZone where days begin */
export function lifeFrom(entry: LifeEntry & ScheduleEntry, timeZone: string): RuleLife {
  const byTeam = Object.entries(entry.modes ?? {}).map(([team, teamEntry]) => {
    return [
      team,
      scheduleFrom(typeof teamEntry === 'string' ? { mode: teamEntry } : teamEntry, timeZone),
    ] as const;
  });
  return {
    schedule: scheduleFrom(entry, timeZone),
    byTeam: new Map(byTeam),
    rollOut: entry.rollout ?? null,
  };
}

function scheduleFrom({ mode, warn_from, enforce_from }: ScheduleEntry, timeZone: string): Schedule {
  const day = (date: string | undefined) =>
    date === undefined ? null : { date, startMs: startOfDay(date, timeZone) };
  return { mode: mode ?? null, warnFrom: day(warn_from), enforceFrom: day(enforce_from) };
}

/** The first instant after a day. */
export function endOfDate(date: string, timeZone: string): number {
  return startOfDay(dayAfter(date), timeZone);
}

/** What a rule does to a team's query at an instant, before any exemptions. */
export function modeAt(
  { name, life }: { readonly name: string; readonly life: RuleLife },
  query: { readonly team: string; readonly fingerprint: string; readonly atMs: number },
): ModeInForce {
  const schedule = life.byTeam.get(query.team) ?? life.schedule;
  const byDate = heldBackByDate(schedule, query.atMs);
  const { rollOut } = life;
  if (rollOut !== null && byDate?.atMost !== 'audit' && !isRolledOut(rollOut, name, query.fingerprint)) {
    return { mode: schedule.mode, atMost: 'audit', heldBackBy: { by: 'roll-out', share: rollOut.written } };
  }
  return { mode: schedule.mode, ...(byDate ?? { atMost: 'deny', heldBackBy: null }) };
}

function heldBackByDate({ mode, warnFrom, enforceFrom }: Schedule, atMs: number) {
  if (enforceFrom === null || atMs >= enforceFrom.startMs) return null;
  const warns = mode !== 'warn' && (warnFrom === null || atMs >= warnFrom.startMs);
  const heldBackBy = { by: 'date', from: enforceFrom.date } as const;
  return { atMost: warns ? 'warn' : 'audit', heldBackBy } as const;
}

const STRENGTH: Readonly<Record<RuleMode, number>> = { audit: 0, warn: 1, deny: 2 };

/** The milder of two modes. */
export function milderMode(a: RuleMode, b: RuleMode): RuleMode {
  return STRENGTH[a] <= STRENGTH[b] ? a : b;
}
