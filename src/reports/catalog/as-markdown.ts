import { instantWithoutZone } from '../../foundation/calendar/instant.ts';
import { formatCount, shortName } from '../../foundation/pages/formats.ts';
import type { Language } from '../../foundation/text/language.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import { phrasesIn } from './phrases.ts';
import type { CatalogReport, CatalogTable } from './report.ts';
import { totalsOf } from './totals.ts';

/** For wikis and pull requests. */
export function catalogAsMarkdown({ fromMs, toMs, tables }: CatalogReport, language: Language): string {
  const phrases = phrasesIn(language);
  const at = (atMs: number) => instantWithoutZone(atMs, 'UTC', language);
  return [
    `# ${phrases.title}`,
    '',
    `${phrases.span(at(fromMs), at(toMs))} ${phrases.counted}`,
    '',
    ...(tables.length === 0 ? [phrases.nothing] : tableOf(tables, language)),
    '',
  ].join('\n');
}

function tableOf(tables: readonly CatalogTable[], language: Language): readonly string[] {
  const { head } = phrasesIn(language);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i >= 3 && i <= 5 ? '---:' : '---'));
  return [line(head), line(rule), ...tables.map((table) => line(cellsOf(table, language)))];
}

function cellsOf(table: CatalogTable, language: Language): readonly string[] {
  const phrases = phrasesIn(language);
  const { bytesBilled, costs } = totalsOf(table);
  const instead = table.replacement === null ? [] : [phrases.instead(code(table.replacement))];
  const readers = [
    ...new Set(table.teams.map(({ team }) => escaped(team))),
    ...(table.dashboards.length === 0
      ? []
      : [phrases.dashboards(formatCount(table.dashboards.length, language))]),
    ...(table.persons === 0 ? [] : [phrases.persons(formatCount(table.persons, language))]),
  ];
  return [
    code(table.table),
    [phrases.status[table.status], ...instead].join(', '),
    escaped(table.owner ?? ''),
    formatCount(table.queries, language),
    table.queries === 0 ? '' : formatBytes(bytesBilled, language),
    costs.map((cost) => formatMoney(cost, language)).join(', '),
    table.lastReadMs === null ? phrases.never : dateAt(table.lastReadMs, language),
    readers.join(', '),
  ];
}

function dateAt(atMs: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(atMs);
}

/** A table's name: nothing in it can end its backticks or its cell, as a backslash before a vertical bar would. */
function code(name: string): string {
  return `\`${shortName(name).replaceAll('`', "'").replaceAll('\\', '/').replaceAll('|', '\\|')}\``;
}

/** Other people's words, which must not become markup. */
function escaped(text: string): string {
  return shortName(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');
}
