import type { Replacement } from '../vocabulary/advice.ts';
import type { Budget, Coverage } from '../vocabulary/budget.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Caller } from '../vocabulary/caller.ts';
import type { Doubt, SqlRetention, Team, Verdict, Webhook } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { Refuser } from '../vocabulary/refusal.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import type { PolicyError } from './document/errors.ts';
import type { FactSources } from './facts/fact-sources.ts';
import type { Facts, Question } from './facts/facts.ts';
import type { RuleOpinion } from './rules/opinions.ts';
import type { RuleInForce } from './rules/rules.ts';

export type { Background, FactSources } from './facts/fact-sources.ts';
export type { Question } from './facts/facts.ts';
export type { RuleInForce } from './rules/rules.ts';

/** The policy files of a folder as one immutable value; an edit makes another. */
export interface Policy {
  /** The team of a confirmed principal; `unassigned` for one that no team names, and if none was confirmed. */
  teamOf(principal: string | null): Team;
  /** The bytes up to which a team's queries may be sent under a cap, without a dry run; null if they may not. */
  cappedUpTo(team: Pick<Team, 'name'>): Bytes | null;
  /** A principal that is in a team, to try things as; null if there is none. */
  memberOf(team: string): string | null;
  /** All names that are defined; the teams include `unassigned`. */
  readonly names: Readonly<Record<'teams' | 'budgets' | 'rules', readonly string[]>>;
  /** A team by its name; null if the files define none. */
  teamNamed(name: string): Team | null;
  /** Every budget that covers a query, in the order of files, each with the account that pays. */
  coverageOf(query: { readonly caller: Caller; readonly projectId: string }): readonly Coverage[];
  readonly budgets: readonly Budget[];
  /** Whom a team asks about a refusal; empty if the files do not say. */
  contactsFor(refuser: Refuser, team: string): readonly string[];
  /** The time zone for the days of rules, exemptions and exchange rates. */
  readonly timeZone: string;
  /** The rules, for those who maintain them; in the order of files. */
  readonly rules: readonly RuleInForce[];
  /**
   * The minimum that is reserved, and sent as the cap, for a query whose dry run gives no upper bound: scripts,
   * external tables, `LOWER_BOUND` and `UNKNOWN`.
   */
  readonly inexactReserve: Bytes;
  /** What the rules for a team need looked up before they judge one of its queries. */
  sourcesFor(query: Pick<Question, 'team' | 'reading' | 'estimate'>): FactSources;
  /** What conditions are evaluated over, for those who tune rules. */
  factsOn(question: Question): Facts;
  /** Each rule's own verdict on a query, for those who tune rules; in the order of files. */
  opinionsOn(question: Question): readonly RuleOpinion[];
  /** The rules whose verdict on a query turns on facts that are not in its background. */
  doubtsOn(question: Question): readonly Doubt[];
  /** The rules' verdict on a query. Never throws: a rule that fails counts as its `on_error` says. */
  decide(question: Question): Verdict;
  /** The catalog's replacement for a table, given as `project.dataset.table`; null if it names none. */
  replacementOf(table: string): Replacement | null;
  /** Today's prices and exchange rates: for each currency, the first rate in the list. */
  readonly pricing: Pricing;
  /** The prices and rates at an instant, for a query that runs then. */
  pricingAt(atMs: number): Pricing;
  /** How the SQL of queries is kept in the records. */
  readonly sqlRetention: SqlRetention;
  /** Who is told about budgets that reach a threshold. */
  readonly webhooks: readonly Webhook[];
  /** What the catalog says about a table, given as `project.dataset.table`; null if nothing. */
  catalogEntry(name: string): CatalogEntry | null;
  /** Every entry of the catalog, including patterns, in the order of the files. */
  readonly catalogEntries: readonly CatalogEntry[];
  /** Things that are no errors but need attention, each with its place: expired exemptions. */
  warningsAt(atMs: number): readonly PolicyError[];
  /** A short digest of the files. */
  readonly version: string;
}
