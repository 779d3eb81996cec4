import type { Language } from '../../foundation/text/language.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { ALWAYS, compileCondition, type ExpressionError, type Program } from '../conditions/conditions.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Located } from '../document/sections.ts';
import type { Exemption } from './exemptions.ts';
import { lifeFrom, type RuleLife } from './rule-life.ts';
import { lifeErrors } from './rule-life-checks.ts';
import { modesOf } from './rule-modes.ts';
import { compileMessages, type Text } from './texts.ts';

/** A rule ready to be evaluated on facts. */
export interface Rule {
  readonly name: string;
  readonly source: SourcePosition;
  readonly life: RuleLife;
  readonly exemptions: readonly Exemption[];
  /** Null for all teams. */
  readonly teams: ReadonlySet<string> | null;
  readonly condition: Program<boolean>;
  /** True if it asks nothing about a query except its team. */
  readonly isUnconditional: boolean;
  readonly maximumBytesBilled: Bytes | null;
  readonly texts: ReadonlyMap<Language | null, Text>;
  /** Null if the current mode decides: `deny` for deny, otherwise `audit`. */
  readonly onError: 'deny' | 'allow' | 'audit' | null;
  /** Whom to ask about it; null if the rule itself does not say. */
  readonly contact: string | null;
}

/** A rule as defined in the files: what it does when and to whom, and its exemptions. */
export type RuleInForce = Pick<
  Rule,
  'name' | 'source' | 'life' | 'exemptions' | 'teams' | 'maximumBytesBilled'
>;

/**
 * Compiles a rule, or reports everything that is wrong with it.
 * @param timeZone where the days of its life cycle begin
 * @param exemptions those from this rule, and any others
 */
export function compileRule(
  entry: Located<RuleEntry>,
  timeZone: string,
  exemptions: readonly Exemption[],
): Rule | readonly PolicyError[] {
  const { value, at, atCharacter } = entry;
  const errors: PolicyError[] = [...completenessErrors(value, at()), ...lifeErrors(entry)];
  const fail = (path: readonly string[], { problem, expected, offset }: ExpressionError) =>
    errors.push(policyError(atCharacter(path, offset), `rule ${value.name}: ${problem}`, expected));

  const condition = conditionOf(value);
  if (typeof condition !== 'function') fail(['when'], condition);
  const texts = new Map<Language | null, Text>();
  for (const [language, text] of compileMessages(value)) {
    if (typeof text === 'function') texts.set(language, text);
    else fail(language === null ? ['message'] : ['message', language], text);
  }
  if (errors.length > 0 || typeof condition !== 'function') return errors;
  return {
    name: value.name,
    source: at(),
    life: lifeFrom(value, timeZone),
    exemptions: exemptions.filter(({ rule }) => rule === value.name),
    teams: value.teams === undefined ? null : new Set(value.teams),
    condition,
    isUnconditional: value.when === undefined,
    maximumBytesBilled: value.maximum_bytes_billed ?? null,
    texts,
    onError: value.on_error ?? null,
    contact: value.contact ?? null,
  };
}

function conditionOf({ when }: RuleEntry): Program<boolean> | ExpressionError {
  return when === undefined ? ALWAYS : compileCondition(when);
}

function completenessErrors(entry: RuleEntry, source: SourcePosition): readonly PolicyError[] {
  const error = (problem: string, expected: string) => [
    policyError(source, `rule ${entry.name} ${problem}`, expected),
  ];
  if (entry.mode === undefined && entry.maximum_bytes_billed === undefined) {
    return error('does nothing', 'expected "mode", "maximum_bytes_billed" or both');
  }
  if (entry.mode === undefined) return [];
  if (entry.when === undefined) return error('has a mode and no condition', 'expected "when"');
  if (entry.message === undefined && modesOf(entry).some((mode) => mode !== 'audit')) {
    return error('tells people nothing', 'expected "message": what is wrong and what to do');
  }
  return [];
}
