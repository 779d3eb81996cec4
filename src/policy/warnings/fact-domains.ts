import type { EstimateAccuracy } from '../../vocabulary/estimate.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Sections } from '../document/sections.ts';
import { UNASSIGNED } from '../teams.ts';

/** All possible values of a fact, by its path in an expression. Facts that can be anything are not listed. */
export type FactDomains = ReadonlyMap<string, readonly (string | bigint)[]>;

const ACCURACIES: readonly EstimateAccuracy[] = ['PRECISE', 'LOWER_BOUND', 'UPPER_BOUND', 'UNKNOWN'];

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
