import type { Team } from '../../vocabulary/policy.ts';
import type { PolicyError } from '../document/errors.ts';
import { undefinedNames } from '../document/names.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Located } from '../document/sections.ts';
import { allUses, type FactUses } from '../facts/fact-uses.ts';
import type { Rule } from './rules.ts';

/** The rules that apply to a team. */
export function rulesOf({ name }: Pick<Team, 'name'>, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ teams }) => teams === null || teams.has(name));
}

/** What the conditions and messages of rules read. */
export function usesOf(rules: readonly Rule[]): FactUses {
  return allUses(
    rules.flatMap(({ condition, texts }) => [condition.uses, ...[...texts.values()].map(({ uses }) => uses)]),
  );
}

/** An error for every undefined budget that a rule asks for, at the position of its name. */
export function unknownBudgets(
  { atCharacter }: Located<RuleEntry>,
  { condition, texts }: Rule,
  known: ReadonlySet<string>,
): readonly PolicyError[] {
  const at = (path: readonly string[], { budgets }: FactUses) =>
    budgets.map(({ name, offset }) => ({ name, source: atCharacter(path, offset) }));
  return undefinedNames(
    'budget',
    [
      ...at(['when'], condition.uses),
      ...[...texts].flatMap(([language, { uses }]) =>
        at(language === null ? ['message'] : ['message', language], uses),
      ),
    ],
    known,
  );
}
