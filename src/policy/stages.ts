import { dayAfter, startOfDay } from '../vocabulary/calendar-days.ts';
import type { Restraint, RuleMode } from '../vocabulary/policy.ts';
import { isRolledOut } from './roll-out.ts';
import type { LifeEntry, RollOutShare } from './rule-life-schema.ts';

/** A day of the policy's zone, as it is written and as the instant that it begins with. */
interface Day {
  readonly date: string;
  readonly startMs: number;
}

/** What a rule does when: before `warnFrom` it audits, then it warns, from `enforceFrom` on it does what it says. */
export interface Stages {
  /** Null for a rule that only caps. */
  readonly mode: RuleMode | null;
  readonly warnFrom: Day | null;
  readonly enforceFrom: Day | null;
}

/** A rule's stages for teams that have none of their own, for those that have, and its roll-out. */
export interface Life {
  readonly stages: Stages;
  readonly byTeam: ReadonlyMap<string, Stages>;
  readonly rollOut: RollOutShare | null;
}

/** What a rule says for a team, and how much of it is in force for a query. */
export interface ModeInForce {
  /** Null for a rule that only caps. */
  readonly mode: RuleMode | null;
  /** The most that it does now: `deny` where nothing holds it back. */
  readonly atMost: RuleMode;
  readonly heldBackBy: Restraint | null;
}

type StageEntry = Pick<LifeEntry, 'warn_from' | 'enforce_from'> & { readonly mode?: RuleMode | undefined };

/** @param timeZone where days begin */
export function lifeFrom(entry: LifeEntry & StageEntry, timeZone: string): Life {
  const byTeam = Object.entries(entry.modes ?? {}).map(([team, own]) => {
    return [team, stagesFrom(typeof own === 'string' ? { mode: own } : own, timeZone)] as const;
  });
  return {
    stages: stagesFrom(entry, timeZone),
    byTeam: new Map(byTeam),
    rollOut: entry.rollout ?? null,
  };
}

function stagesFrom({ mode, warn_from, enforce_from }: StageEntry, timeZone: string): Stages {
  const day = (date: string | undefined) =>
    date === undefined ? null : { date, startMs: startOfDay(date, timeZone) };
  return { mode: mode ?? null, warnFrom: day(warn_from), enforceFrom: day(enforce_from) };
}

/** The first instant after a day. */
export function endOfDate(date: string, timeZone: string): number {
  return startOfDay(dayAfter(date), timeZone);
}

/** What a rule does to a query of a team at an instant, before anybody is exempted. */
export function modeAt(
  { name, life }: { readonly name: string; readonly life: Life },
  query: { readonly team: string; readonly fingerprint: string; readonly atMs: number },
): ModeInForce {
  const stages = life.byTeam.get(query.team) ?? life.stages;
  const byDate = heldBackByDate(stages, query.atMs);
  const { rollOut } = life;
  if (rollOut !== null && byDate?.atMost !== 'audit' && !isRolledOut(rollOut, name, query.fingerprint)) {
    return { mode: stages.mode, atMost: 'audit', heldBackBy: { by: 'roll-out', share: rollOut.written } };
  }
  return { mode: stages.mode, ...(byDate ?? { atMost: 'deny', heldBackBy: null }) };
}

function heldBackByDate({ mode, warnFrom, enforceFrom }: Stages, atMs: number) {
  if (enforceFrom === null || atMs >= enforceFrom.startMs) return null;
  const warns = mode !== 'warn' && (warnFrom === null || atMs >= warnFrom.startMs);
  const heldBackBy = { by: 'date', from: enforceFrom.date } as const;
  return { atMost: warns ? 'warn' : 'audit', heldBackBy } as const;
}

const STRENGTH: Readonly<Record<RuleMode, number>> = { audit: 0, warn: 1, deny: 2 };

/** The one of two modes that does less. */
export function softer(a: RuleMode, b: RuleMode): RuleMode {
  return STRENGTH[a] <= STRENGTH[b] ? a : b;
}
