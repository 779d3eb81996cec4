import { ANTI_PATTERN_NAMES } from '../../vocabulary/antipatterns/antipattern.ts';
import type { EstimateAccuracy } from '../../vocabulary/estimate.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Sections } from '../document/sections.ts';
import { UNASSIGNED } from '../teams/teams.ts';

/** All possible values of a fact, by its path in an expression. Facts that can be anything are not listed. */
export type FactDomains = ReadonlyMap<string, readonly (string | bigint)[]>;

const ACCURACIES: readonly EstimateAccuracy[] = ['PRECISE', 'LOWER_BOUND', 'UPPER_BOUND', 'UNKNOWN'];

/**
 * Whether a text can be a fact, or in a list of facts, of those whose values are not all known but are written in one way.
 * Keyed as domains are.
 */
export const FACT_FORMS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['query.antipatterns', (text: string) => ANTI_PATTERN_NAMES.some((name) => name === text)],
  ['query.functions', isUpperCase],
  ['query.statement_type', isUpperCase],
  // Always with its project and its dataset.
  ['*.name', (text: string) => text.split('.').length > 2],
  ['*.kind', isUpperCase],
  ...['partitioned_by', 'projected', 'filtered', 'tested', 'joined', 'grouped', 'clustered_by'].map(
    (fact) => [`*.${fact}`, isLowerCase] as const,
  ),
]);

function isUpperCase(text: string): boolean {
  return text === text.toUpperCase();
}

function isLowerCase(text: string): boolean {
  return text === text.toLowerCase();
}

/** The possible facts of a rule's queries. Those of a table are under `*`, whatever an expression calls it. */
export function factDomains({ teams: ruleTeams }: RuleEntry, { teams, tables }: Sections): FactDomains {
  const entries = tables.map(({ value }) => value);
  return new Map<string, readonly (string | bigint)[]>([
    ['caller.team', ruleTeams ?? [...teams.map(({ value }) => value.name), UNASSIGNED]],
    ['query.accuracy', ACCURACIES],
    ['now.hour', range(0n, 23n)],
    ['now.weekday', range(1n, 7n)],
    ['*.status', [...new Set(['unknown', ...entries.flatMap(({ status }) => status ?? [])])]],
    ['*.owner', [...new Set(['', ...entries.flatMap(({ owner }) => owner ?? [])])]],
    ['*.replacement', [...new Set(['', ...entries.flatMap(({ replacement }) => replacement ?? [])])]],
  ]);
}

function range(first: bigint, last: bigint): readonly bigint[] {
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index));
}
