import { formatCount, shortName } from '../../../foundation/pages/formats.ts';
import { html, type Markup } from '../../../foundation/pages/html.ts';
import type { Language } from '../../../foundation/text/language.ts';
import type { RuleMode } from '../../../vocabulary/policy.ts';
import type { CardAudit, PlacedCardAudit } from '../report.ts';
import { type AmountFormat, formatCost, formatCostBytes } from './amounts.ts';
import { type Phrases, phrasesIn } from './phrases.ts';

const MAX_SQL_LENGTH = 600;
const MAX_REASON_LENGTH = 400;

/** A card's name, the objections to it, and its SQL for those who open it. */
export function cardCell(card: CardAudit, language: Language): Markup {
  const phrases = phrasesIn(language);
  const { rules, antiPatterns, notes, cacheNotCounted, sql } = card;
  const remarks = [
    ...notes.map(({ kind, tag }) => phrases.note[kind](tag)),
    ...(cacheNotCounted === null ? [] : [phrases.cacheNotCounted(cacheNotCounted)]),
    ...(card.state === 'priced' ? [] : [stateText(card, language)]),
  ];
  return html`<bdi>${shortName(card.name)}</bdi>${remarks.map((remark) => html`<small>${remark}</small>`)}
${rules.length + antiPatterns.length === 0 ? '' : html`<div>${rules.map((rule) => html`<span class="mark ${rule.mode}" title="${rule.message}">${rule.rule}${rule.settings.includes('opened') ? '' : ` (${rule.settings.map((one) => phrases.setting[one]).join(', ')})`}</span>`)}${antiPatterns.map((name) => html`<span class="mark">${name}</span>`)}</div>`}
${sql === null ? '' : html`<details><summary>SQL</summary><code><bdi>${shortName(sql, MAX_SQL_LENGTH)}</bdi></code></details>`}`;
}

/** Why a card has no price. */
function stateText({ state, why }: CardAudit, language: Language): string {
  if (state === 'priced') return '';
  const text = phrasesIn(language).state[state];
  return why === null ? `${text}.` : `${text}: ${shortName(why, MAX_REASON_LENGTH)}`;
}

/** Why a card has no price, and what it reads as far as the export tells. */
export function unpricedReason(card: CardAudit, language: Language): string {
  const reads = card.sources.length === 0 ? [] : [phrasesIn(language).reads(card.sources.join(', '))];
  return [stateText(card, language), ...reads].join(' ');
}

export function ruleMode(mode: RuleMode, phrases: Phrases): Markup {
  return html`<span class="mark ${mode}">${phrases.mode[mode]}</span>`;
}

/** A dashboard's cards, with what they cost on it. */
export function cardTable(
  placed: readonly (Omit<PlacedCardAudit, 'card'> & { readonly card: CardAudit | undefined })[],
  format: AmountFormat,
  language: Language,
): Markup {
  const phrases = phrasesIn(language);
  return html`<div class="wide"><table><thead><tr><th>${phrases.card}</th><th>${phrases.perMonth}</th><th>${phrases.runsPerMonth}</th><th>${phrases.perRun}</th><th>${phrases.worst}</th></tr></thead>
<tbody>${placed.map(
    ({
      card,
      runsPerMonth,
      perRun,
      worstPerRun,
      perMonth,
    }) => html`<tr><td>${card === undefined ? '' : cardCell(card, language)}</td>
<td>${perRun === null ? '–' : formatCost(perMonth, format)}</td><td>${formatCount(runsPerMonth, language)}</td>
<td>${formatCost(perRun, format)}<small>${formatCostBytes(perRun, format)}</small></td><td>${formatCost(worstPerRun, format)}<small>${formatCostBytes(worstPerRun, format)}</small></td></tr>`,
  )}</tbody></table></div>`;
}
