import { GIB } from '../vocabulary/bytes.ts';
import { budgetFrom, coverageAmong } from './budgets.ts';
import { catalogEntryFrom, createCatalog } from './catalog.ts';
import { crossCheck } from './checks/cross-checks.ts';
import { type PolicyError, PolicyRejected, sortErrors } from './document/errors.ts';
import { type PolicyTexts, readPolicyFolder } from './document/folder.ts';
import type { PricingEntry } from './document/pricing-schema.ts';
import { readSections, type Sections } from './document/sections.ts';
import { sourcesFor } from './facts/fact-sources.ts';
import { factsOf, type PolicyContext, type Question } from './facts/facts.ts';
import { unknownFacts } from './facts/unknown-facts.ts';
import type { Policy } from './policy.ts';
import { createPricing } from './pricing.ts';
import { doubtsOf } from './rules/doubts.ts';
import { type Exemption, exemptionFrom, expiryNotices } from './rules/exemptions.ts';
import { judge, type OnRuleError } from './rules/judge.ts';
import { opinionsOn } from './rules/opinions.ts';
import { unknownBudgets, usesOf } from './rules/rule-uses.ts';
import { compileRule, type Rule } from './rules/rules.ts';
import { contactsIn, createContacts } from './teams/contacts.ts';
import { capsByTeam } from './teams/team-caps.ts';
import { createTeamViews, type TeamView } from './teams/team-views.ts';
import { createTeams, memberOf, teamNamed, UNASSIGNED } from './teams/teams.ts';
import { timeZoneOf } from './time-zone.ts';
import { webhookFrom } from './webhooks.ts';

/** The default reservation for a query whose dry run is not exact. */
export const DEFAULT_INEXACT_RESERVE = 10n * GIB;

/** Who is told about rules that fail later, and the clock to use. */
export interface LoadOptions {
  readonly onRuleError?: OnRuleError;
  /** The clock by which exchange rates come into force; milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Loads the policy files of a folder.
 * @throws PolicyRejected with all their errors
 */
export async function loadPolicy(folder: string, options: LoadOptions = {}): Promise<Policy> {
  return policyFrom(folder, await readPolicyFolder(folder), options);
}

/**
 * Makes a policy from the texts of a folder.
 * @throws PolicyRejected with all their errors, in the order of files and lines
 */
export function policyFrom(folder: string, texts: PolicyTexts, options: LoadOptions = {}): Policy {
  const sections = readSections(texts.files);
  const errors: PolicyError[] = [...sections.errors, ...crossCheck(sections)];
  const rules: Rule[] = [];
  const timeZone = sections.timeZones[0]?.value ?? 'UTC';
  const exemptions = sections.exemptions.map((entry) => exemptionFrom(entry, timeZone));
  for (const entry of sections.rules) {
    const compiled = compileRule(entry, timeZone, exemptions);
    if ('condition' in compiled) {
      rules.push(compiled);
      if (sections.areNamesComplete) errors.push(...unknownBudgets(entry, compiled, sections.names.budgets));
    } else errors.push(...compiled);
  }
  const [pricing] = sections.pricings;
  if (errors.length > 0 || pricing === undefined) throw new PolicyRejected(folder, sortErrors(errors));
  const { version } = texts;
  return assemble(sections, { rules, exemptions, timeZone, pricing: pricing.value, version, options });
}

/** What a policy is made of besides its sections. */
interface Parts {
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
  readonly timeZone: string;
  readonly pricing: PricingEntry;
  readonly version: string;
  readonly options: LoadOptions;
}

function assemble(sections: Sections, parts: Parts): Policy {
  const { now = Date.now, onRuleError = () => undefined } = parts.options;
  const { rules, exemptions, timeZone } = parts;
  const catalog = createCatalog(sections.tables.map(({ value }) => value));
  const teams = sections.teams.map(({ value }) => value);
  const contacts = contactsIn(sections.teams);
  const budgets = sections.budgets.map((entry) => budgetFrom(entry, contacts));
  const pricingAt = createPricing(parts.pricing, timeZoneOf({ budgets, timeZone }));
  const neededBudgets = new Set(usesOf(rules).budgets.map(({ name }) => name));
  const context = { catalog, timeZone, budgets: budgets.filter(({ name }) => neededBudgets.has(name)) };
  const teamOf = createTeams(teams);
  const viewOf = createTeamViews(rules, budgets);
  const caps = capsByTeam(teams, viewOf);
  return {
    teamOf,
    cappedUpTo: ({ name }) => caps.get(name) ?? null,
    teamNamed: (name) => teamNamed(name, teams),
    memberOf: (team) => memberOf(team, teams, teamOf),
    names: {
      teams: [...new Set([...teams.map(({ name }) => name), UNASSIGNED])],
      budgets: budgets.map(({ name }) => name),
      rules: rules.map(({ name }) => name),
    },
    coverageOf: (query) => coverageAmong(viewOf(query.caller.team).budgets, query),
    budgets,
    contactsFor: createContacts(sections),
    timeZone,
    rules,
    inexactReserve: sections.inexactReserves[0]?.value ?? DEFAULT_INEXACT_RESERVE,
    ...judging(rules, viewOf, context, onRuleError),
    replacementOf: catalog.replacementOf,
    get pricing() {
      return pricingAt(now());
    },
    pricingAt,
    sqlRetention: sections.records[0]?.value.sql ?? 'stored',
    webhooks: sections.webhooks.map(webhookFrom),
    catalogEntry(name) {
      const entry = catalog.find(name);
      return entry === null ? null : catalogEntryFrom(entry);
    },
    catalogEntries: sections.tables.map(({ value }) => catalogEntryFrom(value)),
    warningsAt: (atMs) => expiryNotices(exemptions, atMs),
    version: parts.version,
  };
}

/** What is asked about one query. */
type Judging = Pick<Policy, 'sourcesFor' | 'decide' | 'doubtsOn' | 'opinionsOn' | 'factsOn'>;

function judging(
  rules: readonly Rule[],
  viewOf: (team: string) => TeamView,
  context: PolicyContext,
  onRuleError: OnRuleError,
): Judging {
  const factsOn = (question: Question) => factsOf(question, context);
  return {
    sourcesFor: (query) => sourcesFor(viewOf(query.team.name).uses, query, context.catalog),
    decide: (question) => judge(viewOf(question.team.name).rules, question, factsOn(question), onRuleError),
    doubtsOn(question) {
      const unknown = unknownFacts(question, context.catalog);
      return doubtsOf(viewOf(question.team.name), question, factsOn(question), unknown);
    },
    opinionsOn: (question) => opinionsOn(rules, question, factsOn(question)),
    factsOn,
  };
}
