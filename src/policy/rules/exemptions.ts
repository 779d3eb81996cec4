import { matchesGlob } from '../../foundation/text/glob.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import { type ExemptionEntry, exemptionSelectors } from '../document/rule-life-schema.ts';
import type { Located } from '../document/sections.ts';
import type { Facts } from '../facts/facts.ts';
import { matchesTable } from '../facts/table-facts.ts';
import { endOfDate } from './rule-life.ts';

/** Whom or what a rule exempts for a while, who is responsible for that, and why. */
export interface Exemption {
  readonly rule: string;
  readonly subject: Pick<ExemptionEntry, (typeof exemptionSelectors)[number]>;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it applies. */
  readonly until: string;
  /** The first instant at which it no longer applies. */
  readonly endsAtMs: number;
  readonly source: SourcePosition;
}

/** @param timeZone where days end */
export function exemptionFrom({ value, at }: Located<ExemptionEntry>, timeZone: string): Exemption {
  const { rule, owner, reason, until, ...subject } = value;
  return { rule, subject, owner, reason, until, endsAtMs: endOfDate(until, timeZone), source: at() };
}

/** The first of a rule's exemptions that applies to a query for which the rule's condition holds. */
export function exemptionFor(
  rule: { readonly exemptions: readonly Exemption[]; readonly condition: (facts: Facts) => boolean },
  facts: Facts,
  atMs: number,
): Exemption | null {
  const applies = (exemption: Exemption) =>
    atMs < exemption.endsAtMs &&
    coversCaller(exemption, facts) &&
    coversTables(exemption.subject.table, rule.condition, facts);
  return rule.exemptions.find(applies) ?? null;
}

function coversCaller({ subject }: Exemption, { caller, query }: Facts): boolean {
  const { team, principal, fingerprint } = subject;
  return (
    (team === undefined || team === caller.team) &&
    (principal === undefined || matchesGlob(caller.principal.toLowerCase(), principal.toLowerCase())) &&
    (fingerprint === undefined || fingerprint === query.fingerprint) &&
    (['person', 'dashboard', 'card'] as const).every(
      (kind) => subject[kind] === undefined || subject[kind] === `${caller.tool}:${caller[kind]}`,
    )
  );
}

/**
 * An exempt table counts as if the query did not read it. A query that also reads other tables is exempt only if the
 * rule has nothing against those: otherwise a join with an exempt table would be a way around the rule.
 */
function coversTables(
  pattern: string | undefined,
  condition: (facts: Facts) => boolean,
  facts: Facts,
): boolean {
  if (pattern === undefined) return true;
  const { tables } = facts.query;
  const others = tables.filter((table) => !matchesTable(pattern, table));
  if (others.length === tables.length) return false;
  if (others.length === 0) return true;
  try {
    return !condition({ ...facts, query: { ...facts.query, tables: others } });
  } catch {
    // What cannot be determined is not exempt.
    return false;
  }
}

/** A notice for each expired exemption, which whoever maintains the files can then remove. */
export function expiryNotices(exemptions: readonly Exemption[], atMs: number): readonly PolicyError[] {
  return exemptions
    .filter(({ endsAtMs }) => endsAtMs <= atMs)
    .map(({ rule, owner, until, source }) =>
      policyError(
        source,
        `the exemption from rule ${rule} ended with ${until} and holds no more`,
        `expected it to be taken out, or a later "until"; ask ${owner}`,
      ),
    );
}

/** What is wrong with an exemption apart from its shape. */
export function exemptionErrors(
  { value, at }: Located<ExemptionEntry>,
  rules: readonly Located<{ readonly name: string; readonly teams?: readonly string[] | undefined }>[],
): readonly PolicyError[] {
  if (exemptionSelectors.every((selector) => value[selector] === undefined)) {
    const problem = 'the exemption does not say for whom or what it is';
    return [policyError(at(), problem, `expected one of ${exemptionSelectors.join(', ')}, or several`)];
  }
  const teams = rules.find((rule) => rule.value.name === value.rule)?.value.teams;
  if (value.team === undefined || teams === undefined || teams.includes(value.team)) return [];
  const problem = `rule ${value.rule} does not hold for team ${value.team} anyway`;
  return [policyError(at(['team']), problem, `expected one of ${teams.join(', ')}, or no exemption`)];
}
