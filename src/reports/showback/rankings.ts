import { formatCount, shortName } from '../../foundation/pages/formats.ts';
import { html, type Markup } from '../../foundation/pages/html.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import {
  type CurrencySection,
  type Part,
  type Ranked,
  type RankingKind,
  rankingKinds,
} from './month-report.ts';
import { phrasesIn } from './phrases.ts';

const MAX_SQL_LENGTH = 240;

/** A table for each kind that has anything to show. */
export function rankings(section: CurrencySection, language: Language): readonly Markup[] {
  return rankingKinds
    .filter((kind) => section.rankings[kind].first.length > 0)
    .map((kind) => ranking(kind, section, language));
}

function ranking(
  kind: RankingKind,
  { currency, rankings: all }: CurrencySection,
  language: Language,
): Markup {
  const phrases = phrasesIn(language);
  const { first, others, unnamed } = all[kind];
  const words = phrases.rankings[kind];
  const figures = (part: Part) =>
    html`<td>${formatMoney({ currency, micros: part.costMicros }, language)}</td><td>${formatCount(part.queries, language)}</td><td>${formatBytes(part.bytesBilled, language)}</td>`;
  const rest = (name: string, part: Part) => html`<tr class="rest"><td>${name}</td>${figures(part)}</tr>`;
  return html`<h3>${words.title}</h3>${kind === 'table' ? html`<p class="note">${phrases.tableNote}</p>` : ''}
<div class="wide"><table><thead><tr><th></th><th>${phrases.spent}</th><th>${phrases.queries}</th><th>${phrases.bytes}</th></tr></thead>
<tbody>${first.map((row) => html`<tr><td>${nameMarkup(row, words.one)}</td>${figures(row)}</tr>`)}
${others === null ? '' : rest(phrases.others(formatCount(others.count, language)), others)}
${unnamed === null ? '' : rest(words.unnamed, unnamed)}</tbody></table></div>`;
}

function nameMarkup({ name, detail, team, sql }: Ranked, one: string): Markup {
  const details = [detail, team].filter((text) => text !== null).map((text) => shortName(text));
  return html`${/^\d+$/.test(name) && one !== '' ? `${one} ` : ''}<bdi>${shortName(name)}</bdi>${details.length === 0 ? '' : html`<small><bdi>${details.join(' · ')}</bdi></small>`}${
    sql === null ? '' : html`<code><bdi>${shortName(sql, MAX_SQL_LENGTH)}</bdi></code>`
  }`;
}
