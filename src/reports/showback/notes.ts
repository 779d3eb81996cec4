import { instantWithoutZone } from '../../foundation/calendar/instant.ts';
import { formatCount } from '../../foundation/pages/formats.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatAmount } from '../../vocabulary/budget.ts';
import type { ExchangeOn } from '../../vocabulary/exchange.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import type { CurrencySection, DatedCost, MonthReport } from './month-report.ts';
import { inOtherCurrencies } from './other-currencies.ts';
import { phrasesIn } from './phrases.ts';

/** How the report is written. */
export interface Writing {
  readonly language: Language;
  readonly exchangeOn: ExchangeOn;
}

/** What a reader should know besides the sums, a sentence or two each. */
export function notesOf(report: MonthReport, { language, exchangeOn }: Writing): readonly string[] {
  const phrases = phrasesIn(language);
  const several = report.sections.length > 1;
  return [
    ...report.sections.flatMap((section) =>
      sectionNotes(section, { language, exchangeOn }).map((note) =>
        several ? `${section.currency}. ${note}` : note,
      ),
    ),
    ...(report.refusedUnpriced > 0
      ? [phrases.refusedUnpriced(queries(report.refusedUnpriced, language))]
      : []),
    ...(report.openQueries > 0 ? [phrases.open(queries(report.openQueries, language))] : []),
    reconciliationText(report, language),
  ];
}

function sectionNotes(section: CurrencySection, { language, exchangeOn }: Writing): readonly string[] {
  const phrases = phrasesIn(language);
  const { refused, cached, unguarded, assumed } = section;
  const costOf = (part: DatedCost) => costIn(section.currency, part, { language, exchangeOn });
  return [
    refused.queries === 0
      ? phrases.noneRefused
      : phrases.refused(
          queries(refused.queries, language),
          formatCount(refused.attempts, language),
          costOf(refused),
        ),
    phrases.cached(queries(cached.queries, language)),
    unguarded.queries === 0
      ? phrases.noneUnguarded
      : phrases.unguarded(queries(unguarded.queries, language), costOf(unguarded)),
    assumed.queries === 0
      ? phrases.noneAssumed
      : phrases.assumed(queries(assumed.queries, language), costOf(assumed)),
  ];
}

/** Also in other currencies, as what was spent is. */
function costIn(
  currency: string,
  { costMicros, days }: DatedCost,
  { language, exchangeOn }: Writing,
): string {
  const cost = formatMoney({ currency, micros: costMicros }, language);
  const { total } = inOtherCurrencies([{ name: null, days }], currency, exchangeOn);
  const others = total.map((one) => formatMoney(one, language)).join(', ');
  return others === '' ? cost : `${cost} (${others})`;
}

/** Whether the books balanced at the last reconciliation. */
function reconciliationText({ reconciliation, timeZone }: MonthReport, language: Language): string {
  const phrases = phrasesIn(language);
  if (reconciliation === null) return phrases.neverReconciled;
  const { atMs, fromMs, toMs, balanced, coversMonth } = reconciliation;
  const at = (ms: number) => instantWithoutZone(ms, timeZone, language);
  const text = `${phrases.reconciled(at(atMs), at(fromMs), at(toMs))} ${balanced ? phrases.balanced : phrases.notBalanced}`;
  return coversMonth ? text : `${text} ${phrases.notWhole}`;
}

function queries(number: number, language: Language): string {
  return formatAmount('queries', BigInt(number), language);
}
