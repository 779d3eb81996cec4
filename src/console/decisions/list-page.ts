import { html, type Markup } from '../../foundation/pages/html.ts';
import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import type { DecisionPosition } from '../../records/decisions/find-decisions.ts';
import { outcomes } from '../../vocabulary/decision.ts';
import { formatterFor } from '../formats.ts';
import { badge } from '../marks.ts';
import { type PageContext, pageOf } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';
import { queryString } from '../query-string.ts';
import { type DecisionQuery, formatPosition } from './decision-query.ts';
import { amountsOf, callerText } from './summary.ts';

interface DecisionList {
  readonly filter: DecisionQuery;
  readonly isFirst: boolean;
  readonly decisions: readonly DecisionRecord[];
  readonly hasMore: boolean;
  /** Where the search stopped for lack of time; null if it did not. */
  readonly searchedTo: DecisionPosition | null;
  readonly teams: readonly string[];
  readonly rules: readonly string[];
}

const MAX_SQL_LENGTH = 90;
/** Metabase names an unsaved question by its hash, of 64 characters. */
const MAX_PLACE_LENGTH = 32;

/** Decisions, newest first, and the filters for them. */
export function decisionListPage(list: DecisionList, context: PageContext): string {
  const phrases = phrasesIn(context.language).decisions;
  const redacted = list.decisions.map(context.redaction.decision);
  const body = html`<h1>${phrases.title}</h1><p class="lead">${phrases.lead}</p>
<section class="card">${filters(list, context)}
<div id="found">${redacted.length === 0 ? html`<p>${nothingText(list, context)}</p>` : table(redacted, context)}
${redacted.length === 0 || list.searchedTo === null ? '' : html`<p class="note">${searchedText(list.searchedTo, context)}</p>`}
${paging(list, context)}</div></section>`;
  return pageOf({ section: 'decisions', title: phrases.title, body }, context);
}

/** Nothing matches the filters, or there is nothing at all. */
function nothingText({ filter, isFirst, searchedTo }: DecisionList, context: PageContext): string {
  const phrases = phrasesIn(context.language);
  if (searchedTo !== null) return phrases.decisions.goesOn(formatterFor(context).moment(searchedTo.atMs));
  return isFirst && queryString(filter) === '' ? phrases.overview.noDecisions : phrases.decisions.nothing;
}

/** There may be more further back. */
function searchedText({ atMs }: DecisionPosition, context: PageContext): string {
  return phrasesIn(context.language).decisions.searchedTo(formatterFor(context).moment(atMs));
}

function filters({ filter, teams, rules }: DecisionList, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const options = (names: readonly (readonly [string, string])[], chosen: string | undefined) =>
    html`<option value="">${phrases.decisions.any}</option>${names.map(
      ([name, text]) =>
        html`<option value="${name}"${name === chosen ? html` selected` : ''}>${text}</option>`,
    )}`;
  // A filter for what the policy no longer names stays visible, and stays when the form is sent.
  const same = (names: readonly string[], chosen: string | undefined) =>
    [...new Set([...names, ...(chosen === undefined ? [] : [chosen])])].map((name) => [name, name] as const);
  const others = (['card', 'tool', 'fingerprint', 'table', 'person', 'principal'] as const).flatMap(
    (kind) => {
      const name = filter[kind];
      return name === undefined ? [] : [{ kind, name }];
    },
  );
  return html`<form class="filters" method="get" action="/decisions">
<label>${phrases.columns.team}<select name="team">${options(same(teams, filter.team), filter.team)}</select></label>
<label>${phrases.columns.outcome}<select name="outcome">${options(
    outcomes.map((option) => [option, phrases.outcome[option]] as const),
    filter.outcome,
  )}</select></label>
<label>${phrases.columns.rule}<select name="rule">${options(same(rules, filter.rule), filter.rule)}</select></label>
<label>${phrases.columns.dashboard}<input name="dashboard" value="${filter.dashboard ?? ''}" size="10"></label>
${others.map(({ kind, name }) => html`<input type="hidden" name="${kind}" value="${name}">`)}
<div class="buttons"><button>${phrases.decisions.filter}</button></div>
<a href="/decisions">${phrases.decisions.clear}</a></form>
${others.map(({ kind, name }) => html`<p class="note">${phrases.decisions.alsoFiltered(phrases.kinds[kind], name)}</p>`)}`;
}

function table(decisions: readonly RedactedDecision[], context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const { columns } = phrases;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${phrases.decisions.caption}"><table class="stacked-rows"><caption class="hidden">${phrases.decisions.caption}</caption>
<thead><tr><th scope="col">${columns.when}</th><th scope="col" class="text">${columns.outcome}</th><th scope="col" class="text">${columns.who}</th><th scope="col" class="text">${columns.what}</th><th scope="col">${columns.bytes}</th><th scope="col">${columns.cost}</th></tr></thead>
<tbody>${decisions.map((decision) => row(decision, context))}</tbody></table></div>`;
}

function row(decision: RedactedDecision, context: PageContext): Markup {
  const phrases = phrasesIn(context.language);
  const format = formatterFor(context);
  const { id, atMs, outcome, cause, caller, sql } = decision;
  const { bytes, money, isBilled } = amountsOf(decision);
  const place = [
    caller.dashboard === null
      ? null
      : `${phrases.columns.dashboard} ${format.name(caller.dashboard, MAX_PLACE_LENGTH)}`,
    caller.card === null ? null : `${phrases.columns.card} ${format.name(caller.card, MAX_PLACE_LENGTH)}`,
  ].filter((part) => part !== null);
  return html`<tr><td><a href="/decisions/${id}"><time datetime="${new Date(atMs).toISOString()}">${format.moment(atMs)}</time></a></td>
<td class="text">${badge(outcome, phrases.outcome[outcome])}${cause === null ? '' : html`<small><bdi>${format.name(cause, 60)}</bdi></small>`}</td>
<td class="text"><bdi>${format.name(callerText(decision, context), 50)}</bdi><small><bdi>${caller.team}</bdi></small></td>
<td class="text whole-row">${place.length === 0 ? '' : html`<bdi>${place.join(', ')}</bdi>`}${sql === null || sql === '' ? '' : html`<small><code>${format.name(withoutRemarks(sql), MAX_SQL_LENGTH)}</code></small>`}</td>
<td>${bytes === null ? '' : format.bytes(bytes)}${bytes === null || isBilled ? '' : html`<small>${phrases.columns.estimate}</small>`}</td>
<td>${money === null ? '' : format.money(money)}</td></tr>`;
}

/** Tools put a remark before the query; the page shows what it says already. */
function withoutRemarks(sql: string): string {
  return sql.replace(/^(?:\s*(?:--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/))+/, '');
}

function paging(list: DecisionList, { language }: PageContext): Markup {
  const { filter, decisions, hasMore, searchedTo, isFirst } = list;
  const phrases = phrasesIn(language).decisions;
  const last = hasMore ? decisions.at(-1) : searchedTo;
  // Whoever has nothing to read yet need not ask for the next stretch.
  const goesOn = decisions.length === 0 && searchedTo !== null;
  return html`<div class="paging"><span>${isFirst ? '' : html`<a href="/decisions${queryString(filter)}" rel="first">${phrases.newest}</a>`}</span>
<span>${last !== undefined && last !== null ? html`<a href="/decisions${queryString({ ...filter, after: formatPosition(last) })}" rel="next"${goesOn ? html` data-go-on="true"` : ''}>${phrases.older}</a>` : ''}</span></div>`;
}
