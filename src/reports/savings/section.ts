import { Temporal } from 'temporal-polyfill';
import { formatDay } from '../../foundation/calendar/instant.ts';
import { formatCount, shortName } from '../../foundation/pages/formats.ts';
import { html, type Markup } from '../../foundation/pages/html.ts';
import type { Language } from '../../foundation/text/language.ts';
import { type Bytes, formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney, type Money } from '../../vocabulary/money.ts';
import type { ConvertedSavings } from './convert.ts';
import { phrasesIn } from './phrases.ts';
import { currencyTotals, type SavingCause, type SavingRow } from './saving.ts';
import type { SavingsReport } from './savings.ts';

/**
 * What was saved, as a section of a page: a table, and how it is counted.
 * @param converted the same in other currencies; null if it is not known
 */
export function savingsSection(
  report: SavingsReport,
  language: Language,
  converted: ConvertedSavings | null = null,
): Markup {
  const phrases = phrasesIn(language);
  const { rows, recordsFrom, timeZone } = report;
  const last = Temporal.PlainDate.from(report.to).subtract({ days: 1 }).toString();
  return html`<section id="savings"><h2>${phrases.title}</h2>
<p class="intro">${phrases.intro}</p>
<p class="note">${phrases.span(formatDay(report.from, language), formatDay(last, language), timeZone)}${
    recordsFrom === null ? '' : ` ${phrases.recordsFrom(formatDay(recordsFrom, language))}`
  }</p>
${rows.length === 0 ? html`<p>${phrases.nothing}</p>` : table(report, converted, language)}
<details><summary>${phrases.methodTitle}</summary><ul>${phrases.method.map((one) => html`<li>${one}</li>`)}</ul></details>
</section>`;
}

/** The causes for one key and currency, side by side. */
interface Line {
  readonly keys: readonly string[];
  readonly currency: string;
  readonly rows: readonly SavingRow[];
  /** The same in other currencies. */
  readonly converted: readonly SavingRow[];
}

function table({ by, rows }: SavingsReport, converted: ConvertedSavings | null, language: Language): Markup {
  const phrases = phrasesIn(language);
  const totals = currencyTotals(rows).map(({ currency }) => ({
    keys: [phrases.total, ...by.slice(1).map(() => '')],
    currency,
    rows: rows.filter((row) => row.currency === currency),
    converted: currency === converted?.from ? converted.rows : [],
  }));
  return html`<div class="wide"><table><thead><tr>${by.map((key) => html`<th>${phrases[key]}</th>`)}<th>${phrases.queries}</th><th>${phrases.wouldHaveCost}</th><th>${phrases.notRun}</th><th>${phrases.rewritten}</th><th>${phrases.saved}</th></tr></thead>
<tbody>${linesOf(rows, converted).map((line) => html`<tr>${by.map((key, i) => keyCell(key, line.keys[i] ?? '', language))}${figures(line, language)}</tr>`)}
${totals.map((line) => html`<tr class="total">${line.keys.map((key) => html`<td>${key}</td>`)}${figures(line, language)}</tr>`)}</tbody></table></div>`;
}

function linesOf(rows: readonly SavingRow[], converted: ConvertedSavings | null): readonly Line[] {
  const convertedOf = Map.groupBy(converted?.rows ?? [], ({ keys }) => JSON.stringify(keys));
  const lines = Map.groupBy(rows, ({ keys, currency }) => JSON.stringify([keys, currency]));
  return [...lines.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { keys, currency } = first;
    const others = currency === converted?.from ? convertedOf.get(JSON.stringify(keys)) : undefined;
    return [{ keys, currency, rows: own, converted: others ?? [] }];
  });
}

function keyCell(key: 'team' | 'day', value: string, language: Language): Markup {
  return key === 'day'
    ? html`<td>${formatDay(value, language)}</td>`
    : html`<td><bdi>${shortName(value)}</bdi></td>`;
}

function figures({ rows, converted }: Line, language: Language): Markup {
  const phrases = phrasesIn(language);
  const [all] = currencyTotals(rows);
  if (all === undefined) return html``;
  const attempts =
    all.attempts > all.needs
      ? html`<small>${phrases.attempts(formatCount(all.attempts, language))}</small>`
      : '';
  const others = currencyTotals(converted);
  const saved = (cause: SavingCause) => {
    const ofCause = (from: readonly SavingRow[]) => currencyTotals(from.filter((row) => row.cause === cause));
    const [sums = { currency: all.currency, savedCostMicros: 0n, savedBytes: 0n }] = ofCause(rows);
    return amountCell(savedIn(sums), ofCause(converted).map(savedIn), sums.savedBytes, language);
  };
  return html`<td>${formatCount(all.needs, language)}${attempts}</td>${amountCell(refusedIn(all), others.map(refusedIn), all.estimatedBytes, language)}${saved('refusal')}${saved('rewrite')}${amountCell(savedIn(all), others.map(savedIn), all.savedBytes, language)}`;
}

function refusedIn({
  currency,
  estimatedCostMicros,
}: Pick<SavingRow, 'currency' | 'estimatedCostMicros'>): Money {
  return { currency, micros: estimatedCostMicros };
}

function savedIn({ currency, savedCostMicros }: Pick<SavingRow, 'currency' | 'savedCostMicros'>): Money {
  return { currency, micros: savedCostMicros };
}

function amountCell(cost: Money, others: readonly Money[], bytes: Bytes, language: Language): Markup {
  return html`<td>${formatMoney(cost, language)}${others.map((one) => html`<small>${formatMoney(one, language)}</small>`)}<small>${formatBytes(bytes, language)}</small></td>`;
}
