import type { EstimateAccuracy } from '../../vocabulary/estimate.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Sections } from '../document/sections.ts';
import { UNASSIGNED } from '../teams.ts';

/** All that a fact can be, by its path in an expression. Those that can be anything are not in it. */
export type FactDomains = ReadonlyMap<string, readonly (string | bigint)[]>;

const ACCURACIES: readonly EstimateAccuracy[] = ['PRECISE', 'LOWER_BOUND', 'UPPER_BOUND', 'UNKNOWN'];

/** What the facts of a rule's queries can be. Those of a table, whatever an expression calls it, go by `*`. */
export function factDomains({ teams: own }: RuleEntry, { teams, tables }: Sections): FactDomains {
  const entries = tables.map(({ value }) => value);
  return new Map<string, readonly (string | bigint)[]>([
    ['caller.team', own ?? [...teams.map(({ value }) => value.name), UNASSIGNED]],
    ['query.accuracy', ACCURACIES],
    ['now.hour', upTo(0n, 23n)],
    ['now.weekday', upTo(1n, 7n)],
    ['*.status', [...new Set(['unknown', ...entries.flatMap(({ status }) => status ?? [])])]],
    ['*.owner', [...new Set(['', ...entries.flatMap(({ owner }) => owner ?? [])])]],
    ['*.replacement', [...new Set(['', ...entries.flatMap(({ replacement }) => replacement ?? [])])]],
  ]);
}

function upTo(first: bigint, last: bigint): readonly bigint[] {
  return Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index));
}
