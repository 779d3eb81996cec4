import { shortName } from '../../../foundation/pages/formats.ts';
import { alignColumns } from '../../../foundation/text/text-table.ts';
import { exportForms } from '../export-contents.ts';
import { type AuditReport, cardsById } from '../report.ts';
import { type AmountFormat, formatCost, formatCostBytes, formatRate } from './amounts.ts';
import { unpricedReason } from './card-cells.ts';
import { phrasesIn } from './phrases.ts';

const MAX_CARDS = 10;
const MAX_NAME_LENGTH = 44;
const phrases = phrasesIn('en');

/** A summary of the report, for a terminal. */
export function auditAsText(report: AuditReport): string {
  const format: AmountFormat = { currency: report.currency, locale: 'en' };
  const { total, team } = report;
  const unpricedCards = report.cards.filter(({ state }) => state !== 'priced');
  return [
    `${report.source}: ${exportForms[report.form]}, ${total.dashboards} dashboards, ${total.cards} cards, ${total.priced} of them priced.`,
    `As ${team}, a month costs ${formatCost({ micros: total.monthMicros }, format)} (${formatCostBytes({ bytesBilled: total.monthBytes }, format)} billed); ${total.refusedCards} of ${total.cards} cards would be refused.`,
    ...section('Dashboards, the most expensive first', dashboardRows(report, format), 1),
    ...section(`Cards, the ${MAX_CARDS} most expensive`, cardRows(report, format), 1),
    ...section('Legacy tables', legacyRows(report, format), 2),
    ...section('Duplicates', duplicateRows(report, format), 2),
    ...listSection(
      'Not priced',
      unpricedCards.map((card) => `${fitName(card.name)}: ${unpricedReason(card, 'en')}`),
    ),
    ...listSection(
      'Not understood',
      report.notUnderstood.map(({ file, why }) => `${fitName(file)}: ${why}`),
    ),
    '',
    ...assumptions(report).map((remark) => `* ${remark}`),
    '',
  ].join('\n');
}

function dashboardRows({ dashboards }: AuditReport, format: AmountFormat): readonly (readonly string[])[] {
  return [
    ['dashboard', 'a month', 'views a day', 'a view', 'at worst'],
    ...dashboards.map((each) => [
      fitName(each.name),
      formatCost(each.perMonth, format),
      `${formatRate(each.rate.viewsPerDay, 'en')} (${phrases.source[each.rate.source]})`,
      `${formatCost(each.perView, format)} (${formatCostBytes(each.perView, format)})`,
      formatCost(each.worstPerView, format),
    ]),
  ];
}

function cardRows({ cards }: AuditReport, format: AmountFormat): readonly (readonly string[])[] {
  const priced = cards.filter(({ state }) => state === 'priced').slice(0, MAX_CARDS);
  return [
    ['card', 'a month', 'a run by itself', 'at worst', 'rules and anti-patterns'],
    ...priced.map((card) => [
      fitName(card.name),
      formatCost(card.perMonth, format),
      formatCostBytes(card.perRun, format),
      formatCostBytes(card.worst, format),
      [...card.rules.map(({ rule, mode }) => `${rule} ${phrases.mode[mode]}`), ...card.antiPatterns].join(
        ', ',
      ),
    ]),
  ];
}

function legacyRows({ legacyTables }: AuditReport, format: AmountFormat): readonly (readonly string[])[] {
  return [
    ['table', 'use instead', 'cards', 'a month'],
    ...legacyTables.map((each) => [
      each.table,
      each.replacement ?? phrases.noReplacement(each.owner),
      String(each.cards.length),
      formatCost(each.perMonth, format),
    ]),
  ];
}

function duplicateRows(
  { duplicates, cards }: AuditReport,
  format: AmountFormat,
): readonly (readonly string[])[] {
  const byId = cardsById({ cards });
  const nameOf = (id: string) => fitName(byId.get(id)?.name ?? id);
  return [
    ['same', 'cards', 'a month'],
    ...duplicates.map((each) => [
      each.same,
      each.cards.map(nameOf).join('; '),
      formatCost(each.perMonth, format),
    ]),
  ];
}

function assumptions({ team, principal, usage }: AuditReport): readonly string[] {
  return [
    phrases.asked(team, principal),
    phrases.usage(formatRate(usage.daysPerMonth, 'en'), formatRate(usage.hoursPerDay, 'en')),
    phrases.howOpened,
    phrases.howWorst,
    phrases.howCached,
    phrases.howTabs,
  ];
}

/** A table under a title, or nothing if it has only a head. */
function section(title: string, rows: readonly (readonly string[])[], names: number): readonly string[] {
  return rows.length < 2 ? [] : ['', title, ...alignColumns(rows, names, 'text').map((line) => `  ${line}`)];
}

function listSection(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function fitName(name: string): string {
  return shortName(name, MAX_NAME_LENGTH);
}
