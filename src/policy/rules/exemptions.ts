import type { SourcePosition } from '../../vocabulary/policy.ts';
import type { Facts } from '../conditions/facts.ts';
import { isMeantBy } from '../conditions/table-facts.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import { fits } from '../document/glob.ts';
import { type ExemptionEntry, exemptionSelectors } from '../document/rule-life-schema.ts';
import type { Located } from '../document/sections.ts';
import { endOfDate } from './rule-life.ts';

/** Whom or what a rule leaves alone for a while, who answers for it, and why. */
export interface Exemption {
  readonly rule: string;
  readonly subject: Pick<ExemptionEntry, (typeof exemptionSelectors)[number]>;
  readonly owner: string;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: string;
  /** The first instant at which it holds no more. */
  readonly endsAtMs: number;
  readonly source: SourcePosition;
}

/** @param timeZone where days end */
export function exemptionFrom({ value, at }: Located<ExemptionEntry>, timeZone: string): Exemption {
  const { rule, owner, reason, until, ...subject } = value;
  return { rule, subject, owner, reason, until, endsAtMs: endOfDate(until, timeZone), source: at() };
}

/** The first of a rule's exemptions that holds for a query whose facts the rule's condition holds for. */
export function exemptionFor(
  rule: { readonly exemptions: readonly Exemption[]; readonly condition: (facts: Facts) => boolean },
  facts: Facts,
  atMs: number,
): Exemption | null {
  const holds = (exemption: Exemption) =>
    atMs < exemption.endsAtMs &&
    coversCaller(exemption, facts) &&
    coversTables(exemption.subject.table, rule.condition, facts);
  return rule.exemptions.find(holds) ?? null;
}

function coversCaller({ subject }: Exemption, { caller, query }: Facts): boolean {
  const { team, principal, fingerprint } = subject;
  return (
    (team === undefined || team === caller.team) &&
    (principal === undefined || fits(caller.principal.toLowerCase(), principal.toLowerCase())) &&
    (fingerprint === undefined || fingerprint === query.fingerprint) &&
    (['person', 'dashboard', 'card'] as const).every(
      (kind) => subject[kind] === undefined || subject[kind] === `${caller.tool}:${caller[kind]}`,
    )
  );
}

/**
 * An exempt table is as if the query did not read it. So a query that reads it beside others is exempt only where the
 * rule has nothing against the others: else a join with it would be a way around the rule.
 */
function coversTables(
  pattern: string | undefined,
  condition: (facts: Facts) => boolean,
  facts: Facts,
): boolean {
  if (pattern === undefined) return true;
  const { tables } = facts.query;
  const others = tables.filter((table) => !isMeantBy(pattern, table));
  if (others.length === tables.length) return false;
  if (others.length === 0) return true;
  try {
    return !condition({ ...facts, query: { ...facts.query, tables: others } });
  } catch {
    // What cannot be told is not exempt.
    return false;
  }
}

/** A word for each exemption that holds no more: those who mend the files may take it out. */
export function expired(exemptions: readonly Exemption[], atMs: number): readonly PolicyError[] {
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

/** What is wrong with an exemption beside its shape. */
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
