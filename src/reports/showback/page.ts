import { instantWithoutZone } from '../../foundation/calendar/instant.ts';
import {
  formatChange,
  formatCount,
  formatShare,
  shareOfSpend,
  shortName,
} from '../../foundation/pages/formats.ts';
import { html, type Markup, trusted } from '../../foundation/pages/html.ts';
import { style } from '../../foundation/pages/style.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatAmount } from '../../vocabulary/budget.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import type { ExchangeOn } from '../../vocabulary/exchange.ts';
import { formatMoney, type Money } from '../../vocabulary/money.ts';
import { colourAt, dayChart } from './day-chart.ts';
import type { CurrencySection, MonthReport, Part, TeamSpend } from './month-report.ts';
import { monthBefore, monthName } from './months.ts';
import { notesOf, type Writing } from './notes.ts';
import { type Converted, inOtherCurrencies } from './other-currencies.ts';
import { phrasesIn } from './phrases.ts';
import { rankings } from './rankings.ts';

/** The report as one HTML document that needs nothing else. */
export function showbackPage(report: MonthReport, language: Language, exchangeOn: ExchangeOn): string {
  const phrases = phrasesIn(language);
  const { sections, timeZone } = report;
  const month = monthName(report.month, language);
  const at = instantWithoutZone(report.madeAtMs, timeZone, language);
  const currencies = sections.map(({ currency }) => currency);
  const page = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${phrases.title}: ${month}</title><style>${trusted(style)}</style></head><body><main>
<h1>${phrases.title} <span>${month}</span></h1>
<p class="intro">${phrases.intro}</p>
${report.running ? html`<p class="note">${phrases.running(at)}</p>` : ''}
${report.rolledUp ? html`<p class="note">${phrases.rolledUp}</p>` : ''}
${sections.length === 0 ? html`<p>${phrases.nothing}</p>` : ''}
${sections.map((section) => sectionMarkup(section, report, { language, exchangeOn }))}
<h2>${phrases.toKnow}</h2><ul>${notesOf(report, { language, exchangeOn }).map((note) => html`<li>${note}</li>`)}</ul>
<footer><h2>${phrases.footer}</h2>
<p>${phrases.counted(currencies.join(', ') || '–', timeZone)}</p>
<p>${phrases.made(at)} ${report.head === null ? phrases.noHead : phrases.head(report.head)}</p>
</footer></main></body></html>
`;
  return page.markup;
}

function sectionMarkup(section: CurrencySection, report: MonthReport, writing: Writing): Markup {
  const { language, exchangeOn } = writing;
  const phrases = phrasesIn(language);
  const { total, currency, teams } = section;
  const converted = inOtherCurrencies(teams, currency, exchangeOn);
  const measure = total.costMicros > 0n ? 'cost' : 'bytes';
  const title = measure === 'cost' ? `${phrases.perDay}, ${currency}` : phrases.perDayBytes;
  return html`<section>${report.sections.length > 1 ? html`<h2 class="currency">${currency}</h2>` : ''}
<div class="tiles">
<div class="first"><small>${phrases.spent}</small><b>${money(total, currency, language)}</b>${
    converted.total.length === 0
      ? ''
      : html`<small>${phrases.inOtherCurrencies(converted.total.map((one) => formatMoney(one, language)).join(', '))}</small>`
  }<small>${changeText(section, report, language)}</small></div>
<div><small>${phrases.queries}</small><b>${formatCount(total.queries, language)}</b></div>
<div><small>${phrases.bytes}</small><b>${formatBytes(total.bytesBilled, language)}</b>${
    total.freeBytes > 0n ? html`<small>${phrases.free(formatBytes(total.freeBytes, language))}</small>` : ''
  }</div></div>
<h2>${phrases.byTeam}</h2>${teamTable(section, converted, writing)}
<h2>${title}</h2>
<figure role="img" aria-label="${phrases.chartLabel}">${trusted(dayChart(section.teams, report.days, { measure, language }))}</figure>
<h2>${phrases.more}</h2>${rankings(section, language)}
</section>`;
}

function changeText(
  { total, beforeMicros }: CurrencySection,
  report: MonthReport,
  language: Language,
): string {
  const phrases = phrasesIn(language);
  const month = monthName(monthBefore(report.month), language);
  if (beforeMicros === null || beforeMicros === 0n) {
    return report.running ? phrases.nothingSoFarBefore(month) : phrases.nothingBefore;
  }
  const ratio = Number(total.costMicros - beforeMicros) / Number(beforeMicros);
  return (report.running ? phrases.changeSoFar : phrases.change)(formatChange(ratio, language), month);
}

/** @param converted what the month cost in other currencies */
function teamTable(
  { teams, total, currency }: CurrencySection,
  converted: Converted,
  { language }: Writing,
): Markup {
  const phrases = phrasesIn(language);
  const bySlots = total.slotMs > 0n;
  const cells = (
    team: Omit<TeamSpend, 'name' | 'days'>,
    others: readonly Money[],
  ) => html`<td>${money(team, currency, language)}${others.map((one) => html`<small>${formatMoney(one, language)}</small>`)}</td>
<td>${shareMarkup(shareOfSpend(team, total), language)}</td><td>${formatCount(team.queries, language)}</td>
<td>${formatBytes(team.bytesBilled, language)}</td>${
    bySlots ? html`<td>${formatAmount('slot-ms', team.slotMs, language)}</td>` : ''
  }`;
  return html`<div class="wide"><table><thead><tr><th>${phrases.team}</th><th>${phrases.spent}</th><th>${phrases.share}</th><th>${phrases.queries}</th><th>${phrases.bytes}</th>${
    bySlots ? html`<th>${phrases.slotTime}</th>` : ''
  }</tr></thead><tbody>${teams.map(
    (team, place) =>
      html`<tr><td><span class="swatch" style="background:${colourAt(place)}"></span><bdi>${
        team.name === null ? phrases.noTeam : shortName(team.name)
      }</bdi></td>${cells(team, converted.ofTeams[place] ?? [])}</tr>`,
  )}<tr class="total"><td>${phrases.total}</td>${cells(total, converted.total)}</tr></tbody></table></div>`;
}

function shareMarkup(part: number, language: Language): Markup {
  const width = (part * 100).toFixed(1);
  return html`<span class="bar"><i style="width:${width}%"></i></span><span class="share">${formatShare(part, language)}</span>`;
}

function money({ costMicros }: Part, currency: string, language: Language): string {
  return formatMoney({ currency, micros: costMicros }, language);
}
