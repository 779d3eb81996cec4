import { shortName } from '../../pages/formats.ts';
import { alignColumns } from '../../pages/text-table.ts';
import { exportForms } from '../landscape.ts';
import type { AuditReport, CardAudit } from '../report.ts';
import { bytes, money, rate, type Writing } from './amounts.ts';
import { stateText } from './card-cells.ts';
import { phrasesIn } from './phrases.ts';

const MOST_CARDS = 10;
const LONGEST_NAME = 44;
const phrases = phrasesIn('en');

/** A summary of the report, for a terminal. */
export function auditAsText(report: AuditReport): string {
  const writing: Writing = { currency: report.currency, locale: 'en' };
  const { total, team } = report;
  const without = report.cards.filter(({ state }) => state !== 'priced');
  return [
    `${report.source}: ${exportForms[report.form]}, ${total.dashboards} dashboards, ${total.cards} cards, ${total.priced} of them priced.`,
    `As ${team}, a month costs ${money({ micros: total.monthMicros }, writing)} (${bytes({ bytesBilled: total.monthBytes }, writing)} billed); ${total.refusedCards} of ${total.cards} cards would be refused.`,
    ...section('Dashboards, the dearest first', dashboardRows(report, writing), 1),
    ...section(`Cards, the ${MOST_CARDS} dearest`, cardRows(report, writing), 1),
    ...section('Legacy tables', legacyRows(report, writing), 2),
    ...section('Duplicates', duplicateRows(report, writing), 2),
    ...listed(
      'Not priced',
      without.map((card) => `${named(card.name)}: ${withSources(card)}`),
    ),
    ...listed(
      'Not understood',
      report.notUnderstood.map(({ file, why }) => `${named(file)}: ${why}`),
    ),
    '',
    ...remarks(report).map((remark) => `* ${remark}`),
    '',
  ].join('\n');
}

function dashboardRows({ dashboards }: AuditReport, writing: Writing): readonly (readonly string[])[] {
  return [
    ['dashboard', 'a month', 'views a day', 'a view', 'at worst'],
    ...dashboards.map((each) => [
      named(each.name),
      money(each.perMonth, writing),
      `${rate(each.rate.viewsPerDay, 'en')} (${phrases.source[each.rate.source]})`,
      `${money(each.perView, writing)} (${bytes(each.perView, writing)})`,
      money(each.worstPerView, writing),
    ]),
  ];
}

function cardRows({ cards }: AuditReport, writing: Writing): readonly (readonly string[])[] {
  const priced = cards.filter(({ state }) => state === 'priced').slice(0, MOST_CARDS);
  return [
    ['card', 'a month', 'a run by itself', 'at worst', 'rules and anti-patterns'],
    ...priced.map((card) => [
      named(card.name),
      money(card.perMonth, writing),
      bytes(card.perRun, writing),
      bytes(card.worst, writing),
      [...card.rules.map(({ rule, mode }) => `${rule} ${phrases.mode[mode]}`), ...card.antiPatterns].join(
        ', ',
      ),
    ]),
  ];
}

function legacyRows({ legacyTables }: AuditReport, writing: Writing): readonly (readonly string[])[] {
  return [
    ['table', 'use instead', 'cards', 'a month'],
    ...legacyTables.map((each) => [
      each.table,
      each.replacement ?? phrases.noReplacement(each.owner),
      String(each.cards.length),
      money(each.perMonth, writing),
    ]),
  ];
}

function duplicateRows({ duplicates, cards }: AuditReport, writing: Writing): readonly (readonly string[])[] {
  const nameOf = (id: string) => named(cards.find((card) => card.id === id)?.name ?? id);
  return [
    ['same', 'cards', 'a month'],
    ...duplicates.map((each) => [
      each.same,
      each.cards.map(nameOf).join('; '),
      money(each.perMonth, writing),
    ]),
  ];
}

function remarks({ usage }: AuditReport): readonly string[] {
  return [
    phrases.usage(rate(usage.daysPerMonth, 'en'), rate(usage.hoursPerDay, 'en')),
    phrases.howOpened,
    phrases.howWorst,
    phrases.howCached,
    phrases.howTabs,
  ];
}

function withSources(card: CardAudit): string {
  const reads = card.sources.length === 0 ? '' : ` ${phrases.reads(card.sources.join(', '))}`;
  return `${stateText(card, 'en')}${reads}`;
}

/** A table under a title, or nothing if it has only a head. */
function section(title: string, rows: readonly (readonly string[])[], names: number): readonly string[] {
  return rows.length < 2 ? [] : ['', title, ...alignColumns(rows, names, 'text').map((line) => `  ${line}`)];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function named(name: string): string {
  return shortName(name, LONGEST_NAME);
}
