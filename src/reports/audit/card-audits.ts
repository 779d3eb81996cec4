import { fileAndLine, type RuleMode } from '../../vocabulary/policy.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { Appraisal, Appraise, Price } from './appraisal.ts';
import { cachePolicyOf } from './refresh.ts';
import type { BrokenRule, CardAudit, CardState, RunCost } from './report.ts';
import { byCostDescending } from './run-cost.ts';
import type { ShownCard } from './shown-cards.ts';
import type { FilterSetting } from './template/resolve.ts';

/** One setting of a shown card's filters, and what is known about the resulting SQL. */
interface AppraisedSetting {
  readonly setting: FilterSetting;
  readonly appraisal: Appraisal;
}

/** A card in one place where it is shown, with what is known about it there. */
export interface AppraisedCard extends ShownCard {
  readonly settings: readonly AppraisedSetting[];
}

/** A shown card with what is known about it, for each setting of its filters that SQL can be made of. */
export function appraiseCard(shown: ShownCard, appraise: Appraise): AppraisedCard {
  const settings = [...shown.bySetting].flatMap(([setting, resolved]) =>
    resolved.ok ? [{ setting, appraisal: appraise(resolved.sql, shown) }] : [],
  );
  return { ...shown, settings };
}

/** What is known about the SQL that runs when the card is opened; null if none can be made. */
export function openedAppraisal({ settings }: AppraisedCard): Appraisal | null {
  return settings.find(({ setting }) => setting === 'opened')?.appraisal ?? null;
}

/** The cost of a run when the card is opened; null if it has no price. */
export function openedCost(card: AppraisedCard): RunCost | null {
  return costOf(openedAppraisal(card)?.price);
}

/** The most expensive setting of the filters; null if none has a price. */
export function worstCost({ settings }: AppraisedCard): CardAudit['worst'] {
  const priced = settings.flatMap(({ setting, appraisal }) => {
    const cost = costOf(appraisal.price);
    return cost === null ? [] : [{ ...cost, setting }];
  });
  return priced.toSorted(byCostDescending)[0] ?? null;
}

/**
 * What is known about a card, on its own and wherever it is shown.
 * @param perMonth the cost of its runs on all of its dashboards
 */
export function cardAudit(
  standalone: AppraisedCard,
  onDashboards: readonly AppraisedCard[],
  perMonth: RunCost,
): CardAudit {
  const { card } = standalone;
  const appearances = [standalone, ...onDashboards];
  const settings = appearances.flatMap((each) => each.settings);
  const opened = openedAppraisal(standalone);
  const resolved = standalone.bySetting.get('opened');
  return {
    id: card.id,
    name: card.name,
    collection: card.collection,
    ...stateOf(standalone, opened),
    sources: card.query.kind === 'query builder' ? card.query.sources : [],
    dashboards: [
      ...new Set(onDashboards.flatMap(({ dashboard }) => (dashboard === null ? [] : [dashboard.name]))),
    ],
    perRun: openedCost(standalone),
    worst: appearances.map(worstCost).toSorted(byCostDescending)[0] ?? null,
    perMonth,
    rules: brokenRules(settings),
    tables: sortedDistinct(settings.flatMap(({ appraisal }) => tablesOf(appraisal))),
    antiPatterns: sortedDistinct(settings.flatMap(({ appraisal }) => appraisal.antiPatterns)),
    fingerprint: opened?.reading.fingerprint ?? null,
    sql: opened?.plainSql ?? null,
    notes: resolved?.ok ? resolved.notes : [],
    cacheNotCounted: uncountedCachePolicy(appearances),
  };
}

/** Legacy tables that the card reads in any setting. */
export function legacyUsesOf(appearances: readonly AppraisedCard[]) {
  return appearances
    .flatMap(({ settings }) => settings)
    .flatMap(({ appraisal: { price } }) => (price.ok ? price.legacy : []));
}

function stateOf(
  { card, bySetting }: AppraisedCard,
  opened: Appraisal | null,
): { readonly state: CardState; readonly why: string | null } {
  if (card.query.kind === 'query builder') return { state: 'not SQL', why: null };
  if (card.query.kind === 'none') return { state: 'empty', why: null };
  const resolved = bySetting.get('opened');
  if (opened === null) return { state: 'unresolved', why: resolved?.ok === false ? resolved.why : null };
  return opened.price.ok ? { state: 'priced', why: null } : { state: 'failed', why: opened.price.why };
}

const STRICTEST_FIRST: readonly RuleMode[] = ['deny', 'warn', 'audit'];

/** A roll-out or an exemption may spare a card in one setting, or on one dashboard: the most that a rule does counts. */
function brokenRules(settings: readonly AppraisedSetting[]): readonly BrokenRule[] {
  const hits = settings.flatMap(({ setting, appraisal: { price } }) =>
    price.ok ? price.hits.map((hit) => ({ hit, setting })) : [],
  );
  return [...Map.groupBy(hits, ({ hit }) => hit.rule).values()].flatMap((ruleHits) => {
    const mode = STRICTEST_FIRST.find((each) => ruleHits.some(({ hit }) => hit.mode === each));
    const strictest = ruleHits.filter(({ hit }) => hit.mode === mode);
    const [first] = strictest;
    if (first === undefined) return [];
    const { rule, message, source } = first.hit;
    const ruleSettings = [...new Set(strictest.map(({ setting }) => setting))];
    return [{ rule, mode: first.hit.mode, message, source: fileAndLine(source), settings: ruleSettings }];
  });
}

function tablesOf({ reading, price }: Appraisal): readonly string[] {
  const referenced = price.ok ? price.estimate.referencedTables : [];
  return (referenced.length > 0 ? referenced : reading.tables.map(({ table }) => table)).map(tableName);
}

/** The name of a cache policy that holds for the card in one of its places, but is not counted. */
function uncountedCachePolicy(appearances: readonly AppraisedCard[]): string | null {
  const policies = appearances.map(({ card, dashboard }) => cachePolicyOf(card, dashboard));
  const found = policies.find((policy) => policy?.kind === 'not counted');
  return found?.kind === 'not counted' ? found.policy : null;
}

function costOf(price: Price | undefined): RunCost | null {
  return price?.ok ? { bytesBilled: price.estimate.bytesBilled, micros: price.cost.micros } : null;
}

function sortedDistinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
