import { Temporal } from 'temporal-polyfill';
import { formatDay } from '../calendar/instant.ts';
import { formatCount, shortName } from '../pages/formats.ts';
import { html, type Markup } from '../pages/html.ts';
import { formatBytes } from '../vocabulary/bytes.ts';
import { formatMoney } from '../vocabulary/money.ts';
import type { Language } from '../vocabulary/policy.ts';
import { phrasesIn } from './phrases.ts';
import { currencyTotals, type SavingCause, type SavingRow, type SavingSums } from './saving.ts';
import type { SavingsReport } from './savings.ts';

/** What was saved, as a section of a page: a table, and how it is counted. */
export function savingsSection(report: SavingsReport, language: Language): Markup {
  const phrases = phrasesIn(language);
  const { rows, recordsFrom, timeZone } = report;
  const last = Temporal.PlainDate.from(report.to).subtract({ days: 1 }).toString();
  return html`<section id="savings"><h2>${phrases.title}</h2>
<p class="intro">${phrases.intro}</p>
<p class="note">${phrases.span(formatDay(report.from, language), formatDay(last, language), timeZone)}${
    recordsFrom === null ? '' : ` ${phrases.recordsFrom(formatDay(recordsFrom, language))}`
  }</p>
${rows.length === 0 ? html`<p>${phrases.nothing}</p>` : table(report, language)}
<details><summary>${phrases.methodTitle}</summary><ul>${phrases.method.map((one) => html`<li>${one}</li>`)}</ul></details>
</section>`;
}

/** The causes for one key and currency, side by side. */
interface Line {
  readonly keys: readonly string[];
  readonly currency: string;
  readonly rows: readonly SavingRow[];
}

function table({ by, rows }: SavingsReport, language: Language): Markup {
  const phrases = phrasesIn(language);
  const totals = currencyTotals(rows).map(({ currency }) => ({
    keys: [phrases.total, ...by.slice(1).map(() => '')],
    currency,
    rows: rows.filter((row) => row.currency === currency),
  }));
  return html`<div class="wide"><table><thead><tr>${by.map((key) => html`<th>${phrases[key]}</th>`)}<th>${phrases.queries}</th><th>${phrases.wouldHaveCost}</th><th>${phrases.notRun}</th><th>${phrases.rewritten}</th><th>${phrases.saved}</th></tr></thead>
<tbody>${linesOf(rows).map((line) => html`<tr>${by.map((key, i) => keyCell(key, line.keys[i] ?? '', language))}${figures(line, language)}</tr>`)}
${totals.map((line) => html`<tr class="total">${line.keys.map((key) => html`<td>${key}</td>`)}${figures(line, language)}</tr>`)}</tbody></table></div>`;
}

function linesOf(rows: readonly SavingRow[]): readonly Line[] {
  const lines = Map.groupBy(rows, ({ keys, currency }) => JSON.stringify([keys, currency]));
  return [...lines.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ keys: first.keys, currency: first.currency, rows: own }];
  });
}

function keyCell(key: 'team' | 'day', value: string, language: Language): Markup {
  return key === 'day'
    ? html`<td>${formatDay(value, language)}</td>`
    : html`<td><bdi>${shortName(value)}</bdi></td>`;
}

function figures({ rows, currency }: Line, language: Language): Markup {
  const phrases = phrasesIn(language);
  const [all] = currencyTotals(rows);
  if (all === undefined) return html``;
  const attempts =
    all.attempts > all.needs
      ? html`<small>${phrases.attempts(formatCount(all.attempts, language))}</small>`
      : '';
  const saved = (cause: SavingCause) => {
    const [sums] = currencyTotals(rows.filter((row) => row.cause === cause));
    return amountCell(sums?.savedCostMicros ?? 0n, sums?.savedBytes ?? 0n, currency, language);
  };
  return html`<td>${formatCount(all.needs, language)}${attempts}</td>${amountCell(all.estimatedCostMicros, all.estimatedBytes, currency, language)}${saved('refusal')}${saved('rewrite')}${amountCell(all.savedCostMicros, all.savedBytes, currency, language)}`;
}

function amountCell(
  micros: SavingSums['savedCostMicros'],
  bytes: SavingSums['savedBytes'],
  currency: string,
  language: Language,
): Markup {
  return html`<td>${formatMoney({ currency, micros }, language)}<small>${formatBytes(bytes, language)}</small></td>`;
}
