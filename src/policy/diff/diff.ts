import { isDeepStrictEqual } from 'node:util';
import { compare } from '../../foundation/lists/compare.ts';
import { budgetFrom } from '../budgets.ts';
import type { ExemptionEntry } from '../document/rule-life-schema.ts';
import type { Located, Sections } from '../document/sections.ts';
import { endOfDate } from '../rules/rule-life.ts';
import { budgetEntry } from './budget-entries.ts';
import { type DiffEntry, type Effect, type Field, withExactAmount } from './entry.ts';
import { type Move, movesBetween } from './moves.ts';
import { pricingEntry, settingsEntry, tableEntry, teamEntry, webhookEntry } from './other-entries.ts';
import { exemptionEntry, ROLLED_OUT_TO, ruleEntry } from './rule-entries.ts';

export type { Effect } from './entry.ts';

/** A field with another value; null if there was none before or is none after. */
export interface FieldChange {
  readonly field: string;
  readonly before: Field | null;
  readonly after: Field | null;
  readonly effect: Effect;
}

/** An entry that was added, removed or changed; moving it does not count. */
export interface EntryChange {
  readonly section: Section;
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** A summary of the entry, if it was added or removed. */
  readonly summary: string;
  readonly effect: Effect;
  /** Empty if the entry was added or removed. */
  readonly fields: readonly FieldChange[];
}

/** How two sets of policy files differ in meaning; how they are written does not count. */
export interface PolicyDiff {
  readonly changes: readonly EntryChange[];
  readonly moves: readonly Move[];
}

export const sectionNames = [
  'rules',
  'exemptions',
  'budgets',
  'teams',
  'catalog',
  'pricing',
  'webhooks',
  'settings',
] as const;
export type Section = (typeof sectionNames)[number];

/**
 * Compares policy files by what they mean, not by how they are written.
 * @param nowMs decides which exemptions have ended
 */
export function diffPolicies(before: Sections, after: Sections, nowMs: number): PolicyDiff {
  const changes = sectionNames.flatMap((section) => {
    const entriesBefore = entriesIn(section, before, nowMs);
    const entriesAfter = entriesIn(section, after, nowMs);
    const renamed =
      section === 'rules' || section === 'budgets' ? renamedIn(entriesBefore, entriesAfter) : [];
    const isRenamed = (entry: DiffEntry) => renamed.some(({ from, to }) => entry === from || entry === to);
    return [
      ...changesIn(
        section,
        entriesBefore.filter((entry) => !isRenamed(entry)),
        entriesAfter.filter((entry) => !isRenamed(entry)),
      ),
      ...renamed.map((each) => renamingOf(section, each)),
    ].toSorted((a, b) => compare(a.name, b.name));
  });
  return { changes, moves: movesBetween(valuesOf(before.teams), valuesOf(after.teams)) };
}

function entriesIn(section: Section, sections: Sections, nowMs: number): readonly DiffEntry[] {
  switch (section) {
    case 'rules':
      return valuesOf(sections.rules).map(ruleEntry);
    case 'exemptions':
      return numberDuplicates(
        sections.exemptions.map(({ value }) => exemptionEntry(value, hasEnded(value, sections, nowMs))),
      );
    case 'budgets':
      return sections.budgets.map((budget) => budgetEntry(budgetFrom(budget, new Map())));
    case 'teams':
      return valuesOf(sections.teams).map(teamEntry);
    case 'catalog':
      return valuesOf(sections.tables).map(tableEntry);
    case 'pricing':
      return valuesOf(sections.pricings).map(pricingEntry);
    case 'webhooks':
      return valuesOf(sections.webhooks).map(webhookEntry);
    case 'settings':
      return [settingsEntry(sections)];
  }
}

function hasEnded({ until }: ExemptionEntry, { timeZones }: Sections, nowMs: number): boolean {
  return endOfDate(until, timeZones[0]?.value ?? 'UTC') <= nowMs;
}

/** An entry that only has another name. */
interface Renamed {
  readonly from: DiffEntry;
  readonly to: DiffEntry;
}

function renamedIn(before: readonly DiffEntry[], after: readonly DiffEntry[]): readonly Renamed[] {
  const gone = without(before, after);
  const taken = new Set<DiffEntry>();
  return without(after, before).flatMap((to) => {
    const from = gone.find((entry) => !taken.has(entry) && isDeepStrictEqual(entry.fields, to.fields));
    if (from === undefined) return [];
    taken.add(from);
    return [{ from, to }];
  });
}

/** Those whose names are not among the others'. */
function without(entries: readonly DiffEntry[], others: readonly DiffEntry[]): readonly DiffEntry[] {
  const names = new Set(others.map(({ name }) => name));
  return entries.filter(({ name }) => !names.has(name));
}

/** A budget is known by its name: under another, all that was spent in its window is free again. */
function renamingOf(section: Section, { from, to }: Renamed): EntryChange {
  const effect = section === 'budgets' ? reversed(to.presence) : null;
  const name = { field: 'name', before: { text: from.name }, after: { text: to.name }, effect };
  const fields = [name, ...otherSelection(from, to)];
  return { section, name: to.name, kind: 'changed', summary: '', fields, effect };
}

/** The name of a rule decides which fingerprints it is rolled out to. */
function otherSelection(from: DiffEntry, to: DiffEntry): readonly FieldChange[] {
  const share = to.fields.get(ROLLED_OUT_TO)?.text;
  if (share === undefined || share === '0%' || share === '100%') return [];
  const selected = (by: string) => ({ text: `${share} of queries, selected by the name ${by}` });
  return [{ field: ROLLED_OUT_TO, before: selected(from.name), after: selected(to.name), effect: null }];
}

/** Entries with the same name are numbered, so that none hides another. */
function numberDuplicates(entries: readonly DiffEntry[]): readonly DiffEntry[] {
  const byName = Map.groupBy(entries, ({ name }) => name);
  return [...byName.values()].flatMap((duplicates) =>
    duplicates
      .toSorted((a, b) => compare(a.summary, b.summary))
      .map((entry, index) => (index === 0 ? entry : { ...entry, name: `${entry.name} (${index + 1})` })),
  );
}

function valuesOf<T>(entries: readonly Located<T>[]): readonly T[] {
  return entries.map(({ value }) => value);
}

function changesIn(
  section: Section,
  before: readonly DiffEntry[],
  after: readonly DiffEntry[],
): readonly EntryChange[] {
  const oldEntries = new Map(before.map((entry) => [entry.name, entry]));
  const names = new Set([...oldEntries.keys(), ...after.map(({ name }) => name)]);
  const newEntries = new Map(after.map((entry) => [entry.name, entry]));
  return [...names].toSorted().flatMap((name) => {
    const change = changeOf(oldEntries.get(name) ?? null, newEntries.get(name) ?? null);
    return change === null ? [] : [{ section, name, ...change }];
  });
}

function changeOf(
  before: DiffEntry | null,
  after: DiffEntry | null,
): Omit<EntryChange, 'section' | 'name'> | null {
  if (before !== null && after !== null) {
    const fields = fieldChanges(before, after);
    return fields.length === 0 ? null : { kind: 'changed', summary: '', fields, effect: effectOf(fields) };
  }
  if (after !== null) {
    return { kind: 'added', summary: after.summary, fields: [], effect: after.presence };
  }
  if (before === null) return null;
  return { kind: 'removed', summary: before.summary, fields: [], effect: reversed(before.presence) };
}

function reversed(effect: Effect): Effect {
  if (effect === null) return null;
  return effect === 'tightens' ? 'loosens' : 'tightens';
}

function fieldChanges(before: DiffEntry, after: DiffEntry): readonly FieldChange[] {
  const names = new Set([...before.fields.keys(), ...after.fields.keys()]);
  return [...names].flatMap((field) => {
    const [old, current] = [before.fields.get(field) ?? null, after.fields.get(field) ?? null];
    const effect = effectBetween(old?.strictness, current?.strictness);
    if (old?.text !== current?.text) return [{ field, before: old, after: current, effect }];
    if (old === null || current === null || old.amount?.value === current.amount?.value) return [];
    return [{ field, before: withExactAmount(old), after: withExactAmount(current), effect }];
  });
}

function effectBetween(before: Field['strictness'], after: Field['strictness']): Effect {
  if (before === undefined || after === undefined || before.kind !== after.kind) return null;
  if (before.value === after.value) return null;
  return before.value < after.value ? 'tightens' : 'loosens';
}

/** What people read or are told: it decides nothing about what runs. */
const TOLD_ONLY: ReadonlySet<string> = new Set([
  'message',
  'message in en',
  'message in pt-BR',
  'contact',
  'owner',
  'reason',
  'warns at',
  'warns from',
]);

/** The direction that several changes agree on; null if one of them, such as that of a condition, may go either way. */
function effectOf(fields: readonly FieldChange[]): Effect {
  const deciding = fields.filter(({ field, effect }) => effect !== null || !TOLD_ONLY.has(field));
  const effects = new Set(deciding.map(({ effect }) => effect));
  return effects.size === 1 ? ([...effects][0] ?? null) : null;
}
