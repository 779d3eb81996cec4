import { parse } from '@marcbachmann/cel-js';
import type { Language } from '../../foundation/text/language.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Located, Sections } from '../document/sections.ts';
import { usesIn } from '../facts/fact-uses.ts';
import { modesOf } from '../rules/rule-modes.ts';
import { UNASSIGNED } from '../teams/teams.ts';
import { outcomeOf } from './condition-outcome.ts';
import { factDomains } from './fact-domains.ts';

type LocatedRule = Located<RuleEntry>;

/**
 * Rules that can never hold or never have an effect, or that are passed by what nobody can read, and messages that a team
 * gets in another language.
 */
export function ruleWarnings(sections: Sections): readonly PolicyError[] {
  const each = sections.rules.flatMap((rule) => [
    ...holdsForNobody(rule, sections),
    ...conditionWarnings(rule, sections),
    ...supersededCap(rule, sections),
    ...missingLanguages(rule, sections),
  ]);
  return [...each, ...passedByUnread(sections)];
}

function holdsForNobody({ value, at }: LocatedRule, { teams }: Sections): readonly PolicyError[] {
  const isReached = (name: string) =>
    name === UNASSIGNED || teams.some(({ value: team }) => team.name === name && team.principals.length > 0);
  if (value.teams === undefined || value.teams.some(isReached)) return [];
  const problem = `rule ${value.name} can never hold: nobody is in ${value.teams.join(', ')}`;
  return [policyError(at(['teams']), problem, 'expected a team with principals')];
}

function conditionWarnings({ value, at }: LocatedRule, sections: Sections): readonly PolicyError[] {
  // A condition of `true` is deliberate.
  if (value.when === undefined || value.when === 'true') return [];
  const outcome = outcomeOf(value.when, factDomains(value, sections));
  if (outcome === null) return [];
  const problem = outcome
    ? `the condition of rule ${value.name} holds for every query`
    : `rule ${value.name} can never hold: its condition compares a fact with what it never is for these teams`;
  return [policyError(at(['when']), problem, 'expected a condition that some queries meet')];
}

/**
 * A cap that never applies because a smaller one covers all the same queries. A rule that is held back does not cap.
 */
function supersededCap({ value, at }: LocatedRule, { rules, exemptions }: Sections): readonly PolicyError[] {
  const cap = value.maximum_bytes_billed;
  if (cap === undefined || value.mode !== undefined) return [];
  const smaller = rules.find(
    ({ value: other }) =>
      other.name !== value.name &&
      other.when === undefined &&
      other.enforce_from === undefined &&
      other.rollout === undefined &&
      !exemptions.some(({ value: exemption }) => exemption.rule === other.name) &&
      other.maximum_bytes_billed !== undefined &&
      other.maximum_bytes_billed < cap &&
      (other.teams === undefined || value.teams?.every((team) => other.teams?.includes(team)) === true),
  );
  if (smaller === undefined) return [];
  const problem = `the cap of rule ${value.name} is never reached: that of ${smaller.value.name} is for all of its queries, and smaller`;
  return [policyError(at(['maximum_bytes_billed']), problem, 'expected one of the two')];
}

/** Work behind a view or routine that cannot be read passes a refusal of such work; a rule in any mode would show it. */
function passedByUnread({ rules }: Sections): readonly PolicyError[] {
  const refusals = rules.filter(
    ({ value }) => modesOf(value).includes('deny') && asksAbout('outside_services', value),
  );
  if (refusals.length === 0 || rules.some(({ value }) => asksAbout('unread_definitions', value))) return [];
  return refusals.map(({ value, at }) => {
    const problem = `rule ${value.name} is passed by what is behind views and routines that guardrail cannot read`;
    return policyError(at(['when']), problem, 'expected some rule about query.unread_definitions');
  });
}

function asksAbout(fact: string, { when }: RuleEntry): boolean {
  return when !== undefined && usesIn(parse(when).ast).definitions.has(fact);
}

function showsMessages(rule: RuleEntry): boolean {
  return modesOf(rule).some((mode) => mode !== 'audit');
}

/** Only if a rule speaks to people and has no text that serves every language. */
function missingLanguages({ value, at }: LocatedRule, { teams }: Sections): readonly PolicyError[] {
  const { message } = value;
  if (typeof message !== 'object' || !showsMessages(value)) return [];
  const ruleTeams = teams.filter(({ value: { name } }) => value.teams?.includes(name) ?? true);
  const languages = new Set<Language>(ruleTeams.map(({ value: { language } }) => language ?? 'en'));
  return [...languages]
    .filter((language) => message[language] === undefined)
    .map((language) => {
      const problem = `rule ${value.name} says nothing in ${language}, the language of a team that it is for`;
      return policyError(at(['message']), problem, `expected a text for ${language}`);
    });
}
