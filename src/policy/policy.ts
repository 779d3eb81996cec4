import type { Replacement } from '../vocabulary/advice.ts';
import type { Budget, Coverage } from '../vocabulary/budget.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Caller } from '../vocabulary/caller.ts';
import type { SqlRetention, Team, Verdict, Webhook } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import type { Facts, Question } from './conditions/facts.ts';
import type { Sources } from './conditions/sources.ts';
import type { PolicyError } from './document/errors.ts';
import type { RuleOpinion } from './rules/opinions.ts';
import type { RuleInForce } from './rules/rules.ts';

export type { Question } from './conditions/facts.ts';
export type { Background, Sources } from './conditions/sources.ts';
export type { RuleInForce } from './rules/rules.ts';

/** The policy files of a folder, as one value that never changes; an edit makes another. */
export interface Policy {
  /** The team of a confirmed principal; `unassigned` for one that no team names, and where none was confirmed. */
  teamOf(principal: string | null): Team;
  /** The bytes up to which queries of a team may be sent under a cap, without a dry run; null where they may not. */
  cappedUpTo(team: Pick<Team, 'name'>): Bytes | null;
  /** A principal that is in a team, to try things as; null where there is none. */
  memberOf(team: string): string | null;
  /** Of all that has one, `unassigned` among the teams. */
  readonly names: Readonly<Record<'teams' | 'budgets' | 'rules', readonly string[]>>;
  /** A team by its name; null where the files name none so. */
  teamNamed(name: string): Team | null;
  /** Every budget that covers a query, in the order of files, each with the account that pays. */
  coverageOf(query: { readonly caller: Caller; readonly projectId: string }): readonly Coverage[];
  readonly budgets: readonly Budget[];
  /** Where the days of rules, exemptions and exchange rates begin. */
  readonly timeZone: string;
  /** What rules are there, for those who look after them; in the order of files. */
  readonly rules: readonly RuleInForce[];
  /**
   * What is reserved at the least, and sent as the cap, for a query whose dry run gives no upper bound: scripts,
   * external tables, `LOWER_BOUND` and `UNKNOWN`.
   */
  readonly inexactReserve: Bytes;
  /** What the rules for a team ask for that is to be looked up before they judge a query of it. */
  sourcesFor(query: Pick<Question, 'team' | 'reading' | 'estimate'>): Sources;
  /** What conditions are evaluated over, for those who tune rules. */
  factsOn(question: Question): Facts;
  /** What each rule by itself says of a query, for those who tune them; in the order of files. */
  opinionsOn(question: Question): readonly RuleOpinion[];
  /** What the rules say of a query. Never throws: a rule that fails counts as its `on_error` says. */
  decide(question: Question): Verdict;
  /** What the catalog names in place of a table, given as `project.dataset.table`; null where it names nothing. */
  replacementOf(table: string): Replacement | null;
  /** Prices and exchange rates as they hold today: for each currency, the first rate in the list. */
  readonly pricing: Pricing;
  /** The same as they hold at an instant, to tell what becomes of a query that is asked then. */
  pricingAt(atMs: number): Pricing;
  /** How the SQL of queries is kept in the records. */
  readonly sqlRetention: SqlRetention;
  /** Who is told of budgets that reach a threshold. */
  readonly webhooks: readonly Webhook[];
  /** What the catalog says of a table, given as `project.dataset.table`; null where it says nothing. */
  catalogEntry(name: string): CatalogEntry | null;
  /** Every entry of the catalog, patterns among them, in the order of the files. */
  readonly catalogEntries: readonly CatalogEntry[];
  /** What is no error and wants a look, each with its place: exemptions that hold no more. */
  warningsAt(atMs: number): readonly PolicyError[];
  /** A short digest of the files. */
  readonly version: string;
}
