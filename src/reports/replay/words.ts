import { formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import type { ChangeKind } from './outcomes.ts';
import type { Dimension, ReplayReport } from './report.ts';
import type { Tally } from './tally.ts';

/** A note on a replay without budgets. */
export const RULES_ALONE =
  'Only rules were replayed: who was refused by a budget stays refused, and nobody is refused by another.';

export const DIMENSION_TITLES: Readonly<Record<Dimension, string>> = {
  rule: 'By rule',
  team: 'By team',
  person: 'By person or account',
  dashboard: 'By dashboard',
  fingerprint: 'By query',
};

/** What the amount of a change is. */
export const AMOUNT_MEANINGS: Readonly<Record<ChangeKind, string>> = {
  'newly refused': 'billed then',
  'newly admitted': 'estimated',
  'newly warned': 'billed then',
  'no longer warned': 'billed then',
};

/** What was paid in each currency; a dash if nothing was. */
export function formatCost({ micros }: Tally): string {
  const costs = [...micros].map(([currency, amount]) => formatMoney({ currency, micros: amount }));
  return costs.length === 0 ? '–' : costs.join(' + ');
}

/** Bytes and money together. */
export function formatAmounts(tally: Tally): string {
  return `${formatBytes(tally.bytes)}, ${formatCost(tally)}`;
}

/** A UTC instant, to the minute. */
export function formatUtc(atMs: number): string {
  return new Date(atMs).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
}

/** Where the figures come from, and what they do not say, in a sentence or two each. */
export function methodNotes({
  budgets,
  coverage,
  asOfMs,
  timeZone,
  changes,
}: ReplayReport): readonly string[] {
  const { bySql, byRecord, lackingBackground, failed, unguarded } = coverage;
  const refused = changes['newly refused'];
  return [
    `"Once" counts the same query (by fingerprint) of the same person on the same day (${timeZone}) once, at its most expensive: who is refused asks again. It is the figure to go by; both are the most that is saved, since who is refused asks something else instead.`,
    'Newly refused and warned queries are counted at what they were billed, newly admitted ones at their estimate then.',
    ...(refused.unsettled === 0
      ? []
      : [`${refused.unsettled} of the newly refused are not settled and count nothing.`]),
    `Dates, exemptions and roll-outs of rules are taken as of ${formatUtc(asOfMs)}; hours and weekdays are those of the query.`,
    `${bySql} queries were judged by their SQL, read anew. ${byRecord} were judged by an earlier reading, since their SQL is not kept as it was or can no longer be read: what that reading did not see is missing.`,
    ...(lackingBackground === 0
      ? []
      : [
          `For ${lackingBackground}, the verdict of a rule turns on definitions of tables, views or routines, on history or on the state of budgets, which no record holds. Such a hit counts as unknown. So does the outcome if the rule could refuse or warn where nothing else does: it is in no change, and budgets are charged what was billed then.`,
        ]),
    ...(failed + unguarded === 0
      ? []
      : [
          `${failed} that failed before a decision and ${unguarded} that bypassed guardrail were not judged.`,
        ]),
    budgets === 'replayed'
      ? 'Budgets were replayed in order of time, with grants: each query asks for its estimate and is charged what it was billed. Queries at once are not replayed.'
      : RULES_ALONE,
  ];
}
