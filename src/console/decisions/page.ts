import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedDecision, RedactedHit } from '../../ops/redaction/redacted.ts';
import { shortDecisionId } from '../../vocabulary/decision-id.ts';
import type { Money } from '../../vocabulary/money.ts';
import { fileAndLine } from '../../vocabulary/policy.ts';
import { type BudgetBalance, costInBudgets } from '../../vocabulary/spend.ts';
import { budgetCard } from '../budgets/card.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import { factsSection } from './facts.ts';
import type { DecisionInFull } from './gather.ts';
import { rewriteSection } from './rewrites.ts';
import { sqlSection } from './sql.ts';
import { stepList } from './steps.ts';
import { callerText } from './summary.ts';

/** One decision: first what it was and how much, then why, then what to do instead. */
export function decisionPage(inFull: DecisionInFull, context: PageContext): string {
  const { record, rewrites, balances } = inFull;
  const phrases = phrasesIn(context.language).decision;
  const { redaction } = context;
  const decision = redaction.decision(record);
  const body = html`${verdict(decision, inFull, context)}
${rewriteSection(rewrites.map(redaction.rewrite), context)}
<div class="split"><div>${sqlSection(decision, context)}
${rules(decision, context)}</div>
<div>${decision.outcome === 'unguarded' ? '' : html`<section class="card"><h2>${phrases.path}</h2>${stepList(decision, context)}</section>`}
${factsSection(decision, record.caller, context)}</div></div>
<h2>${phrases.budgets}</h2>${balances.length === 0 ? html`<p class="note">${phrases.noBudgets}</p>` : ''}
<div class="grid">${balances.map((balance, i) => budgetCard(redaction.balance(balance), '', `budget-${i}`, context))}</div>`;
  return pageOf({ section: 'decisions', title: phrases.title(shortDecisionId(decision.id)), body }, context);
}

function verdict(decision: RedactedDecision, inFull: DecisionInFull, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const costText = (cost: Money) => costWithBudgets(cost, inFull, context);
  const format = formatterFor(context);
  const { outcome, id, atMs } = decision;
  return html`<section class="card verdict ${outcome}"><h1>${phrases.decision.verdict[outcome]}</h1>
<p class="big">${amountText(decision, costText, context)}</p>
<p>${causeText(decision, costText, context)}${askForMore(decision, inFull.balances, context)}${contactText(decision, inFull, context)}</p>
${decision.hits.filter(({ mode, message }) => mode === 'deny' && message !== null).map(({ message }) => html`<p>${message ?? ''}</p>`)}
<p class="note">${badge(outcome, phrases.outcome[outcome])} <bdi>${callerText(decision, context)}</bdi> · <bdi>${decision.caller.team}</bdi> · <time datetime="${new Date(atMs).toISOString()}">${format.instant(atMs)}</time><br>${phrases.decision.link}: <a href="/decisions/${id}" data-whole="true"><code>/decisions/${id}</code></a></p></section>`;
}

/** Also in the currencies of its budgets, as the refusal says it in the BI tool. */
function costWithBudgets(cost: Money, { balances, pricing }: DecisionInFull, context: PageContext): string {
  const format = formatterFor(context);
  const others = costInBudgets(cost, balances, pricing).map(format.money);
  return others.length === 0 ? format.money(cost) : `${format.money(cost)} (${others.join(', ')})`;
}

function amountText(
  { outcome, estimate, estimatedCost, settlement }: RedactedDecision,
  costText: (cost: Money) => string,
  context: PageContext,
): string {
  const phrases = phrasesIn(context.language).decision;
  const format = formatterFor(context);
  if (outcome === 'admitted' || outcome === 'unguarded') {
    if (settlement === null) return outcome === 'admitted' ? phrases.unsettled : phrases.hidden;
    if (settlement.cacheHit) return phrases.cacheHit;
    const says = settlement.source === 'assumed' ? phrases.assumed : phrases.billed;
    return says(format.bytes(settlement.bytesBilled), costText(settlement.cost));
  }
  if (estimate === null || estimatedCost === null) return '';
  return phrases.would(format.bytes(estimate.bytesBilled), costText(estimatedCost));
}

function causeText(
  { outcome, cause, hits, estimate, estimatedCost }: RedactedDecision,
  costText: (cost: Money) => string,
  context: PageContext,
): string {
  const phrases = phrasesIn(context.language).decision;
  const format = formatterFor(context);
  if (outcome === 'admitted') {
    return estimate === null || estimatedCost === null
      ? ''
      : phrases.estimated(format.bytes(estimate.bytesBilled), costText(estimatedCost));
  }
  if (cause === null) return '';
  if (outcome !== 'refused') return phrases.cause(cause);
  return hits.some(({ mode }) => mode === 'deny') ? phrases.causeRule(cause) : phrases.causeBudget(cause);
}

/** Whom to ask for a refused query as it is. It was written to be told, so it is shown to viewers as well. */
function contactText(
  { outcome }: RedactedDecision,
  { contacts }: DecisionInFull,
  { language }: PageContext,
): string {
  if (outcome !== 'refused' || contacts.length === 0) return '';
  const list = new Intl.ListFormat(language, { type: 'conjunction' }).format(contacts);
  return ` ${phrasesIn(language).decision.contact(list)}`;
}

/** Leads to the form for a grant, filled in, if a budget refused the query. */
function askForMore(
  { outcome, cause, hits }: RedactedDecision,
  balances: readonly BudgetBalance[],
  { language, redaction }: PageContext,
): Markup | '' {
  if (outcome !== 'refused' || hits.some(({ mode }) => mode === 'deny')) return '';
  const full = balances.find(({ budget }) => budget.name === cause);
  if (full === undefined) return '';
  // A pseudonym is nobody's account.
  const account = redaction.showsAll ? full.account : '';
  return html` <a href="/grants${queryString({ budget: full.budget.name, account })}">${phrasesIn(language).budgets.ask}</a>`;
}

function rules({ hits }: RedactedDecision, context: PageContext): Markup | '' {
  if (hits.length === 0) return '';
  const phrases = phrasesIn(context.language);
  return html`<section class="card"><h2>${phrases.decision.rules}</h2><div class="wide"><table class="stacked-rows"><caption class="hidden">${phrases.decision.rules}</caption>
<thead><tr><th scope="col">${phrases.columns.rule}</th><th scope="col" class="text">${phrases.decision.ruleAt}</th></tr></thead>
<tbody>${hits.map((hit) => ruleRow(hit, context))}</tbody></table></div></section>`;
}

function ruleRow({ rule, mode, eased, message, source }: RedactedHit, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  return html`<tr><td>${badge(mode, phrases.mode[mode])} <a href="/decisions${queryString({ rule })}"><b>${rule}</b></a>${
    eased === undefined ? '' : html`<small>${easedText(eased, context)}</small>`
  }${message === null ? '' : html`<small>${message}</small>`}</td><td class="text whole-row"><code class="place">${fileAndLine(source)}</code></td></tr>`;
}

function easedText(eased: NonNullable<RedactedHit['eased']>, context: PageContext): string {
  const phrases = phrasesIn(context.language).decision.eased;
  const format = formatterFor(context);
  switch (eased.by) {
    case 'date':
      return phrases.date(format.day(eased.from));
    case 'roll-out':
      return phrases['roll-out'](eased.share);
    case 'exemption':
      return phrases.exemption(eased.owner, format.day(eased.until));
  }
}
