import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import { NO_SITES, type RewriteSites, type ScanSite, type StarSite } from '../../vocabulary/rewrite-sites.ts';
import { plainSql } from '../mending/plain-sql.ts';
import { type Clauses, clausesAround, endOf } from '../source/clauses.ts';
import { type SourceText, sourceTextOf } from '../source/source-text.ts';
import { Dialect, parse } from '../syntax/polyglot.ts';
import { type Expression, type SelectBody, type TableBody, uncommented } from '../syntax/syntax-parts.ts';
import { partsOf, statementOf } from '../syntax/syntax-tree.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';
import { characterOffsets } from '../tokens/character-offsets.ts';
import { tokensOf } from '../tokens/tokens.ts';
import { standardQueries } from '../translation/standard-queries.ts';
import { clocksIn, exactCountsIn } from './calls.ts';
import {
  countsColumns,
  isNamed,
  type PlacedSelect,
  qualifierOf,
  selectsIn,
  starsOf,
  takesColumnsByName,
} from './selects.ts';

/** What is known about a query while its sites are searched for. */
interface SiteSearch {
  readonly defaults: NameDefaults;
  readonly text: SourceText;
  readonly offsetOf: (character: number) => number;
}

/** Where a query could be rewritten; nowhere if it is not a single query, is in pipe syntax, or cannot be read. */
export function findRewriteSites(sql: string, defaults: NameDefaults): RewriteSites {
  const plain = plainSql(sql);
  if (standardQueries(plain) !== null) return NO_SITES;
  const parsed = parse(plain, Dialect.BigQuery);
  const statements: readonly Expression[] = parsed.success && Array.isArray(parsed.ast) ? parsed.ast : [];
  const [statement] = statements;
  if (statement === undefined || statements.length > 1 || statementOf(statement) !== 'SELECT')
    return NO_SITES;
  const text = sourceTextOf(plain);
  const search: SiteSearch = { defaults, text, offsetOf: characterOffsets(plain) };
  const selects = selectsIn(statement);
  const byName = takesColumnsByName(statement, selects);
  return {
    scans: selects.flatMap((select) => scansOf(select, search)),
    stars: selects.flatMap((select) => starSitesOf(select, byName, search)),
    exactCounts: exactCountsIn(text, sql),
    clocks: clocksIn(text),
    words: wordsIn(sql),
  };
}

function scansOf({ body, sources }: PlacedSelect, search: SiteSearch): readonly ScanSite[] {
  return sources.flatMap(({ table, takesFilter }): readonly ScanSite[] => {
    const name = table === null ? null : nameSpan(table, search);
    if (table === null || name === null) return [];
    const clauses = clausesOf(table, search);
    return [
      {
        table: tableReference(partsOf(table), search.defaults),
        name,
        qualifier: quoted(qualifierOf(table)),
        isReferencedByName: table.alias === null && isNamedElsewhere(qualifierOf(table), name, search.text),
        isAlone: sources.length === 1,
        filter: takesFilter && clauses !== null ? filterIn(body, clauses, search) : null,
      },
    ];
  });
}

/**
 * The clauses of the SELECT in whose FROM clause a table stands; null if it stands in brackets there, or nowhere in the
 * text.
 */
function clausesOf({ catalog, schema, name }: TableBody, { text }: SiteSearch): Clauses | null {
  const at = text.tokenAt(catalog ?? schema ?? name);
  const clauses = at === null ? null : clausesAround(text, at);
  if (at === null || clauses === null) return null;
  const isInBrackets = text.tokens[clauses.SELECT]?.group !== text.tokens[at]?.group;
  const { FROM: from = at } = clauses;
  return isInBrackets || from >= at || endOf(clauses, 'FROM') <= at ? null : clauses;
}

function filterIn({ where_clause }: SelectBody, clauses: Clauses, { text }: SiteSearch): ScanSite['filter'] {
  if (where_clause === null) {
    const last = text.tokens[endOf(clauses, 'FROM') - 1];
    return last === undefined ? null : { kind: 'no where', at: last.end };
  }
  const { WHERE: where } = clauses;
  const end = endOf(clauses, 'WHERE');
  if (where === undefined || end <= where + 1) return null;
  return {
    kind: 'where',
    condition: text.span(where + 1, end - 1),
    isOr: 'or' in uncommented(where_clause.this),
  };
}

/** Stars for which it is clear which table they expand, so that its columns can be named instead. */
function starSitesOf(
  { body, role, sources }: PlacedSelect,
  byName: boolean,
  search: SiteSearch,
): readonly StarSite[] {
  if (role === 'other' || body.kind || countsColumns(body)) return [];
  const tables = sources.map(({ table }) => table);
  const spans = starSpans(body, tables, search);
  return starsOf(body).flatMap((star, index): readonly StarSite[] => {
    const span = spans[index];
    const { name = null } = star.table ?? {};
    const [table = null, ...others] = tables.filter(
      (table) => name === null || (table !== null && isNamed(table, name)),
    );
    const isModified = [star.except, star.replace, star.rename].some((list) => list && list.length > 0);
    if (span === undefined || table === null || others.length > 0 || isModified) return [];
    return [
      {
        span,
        table: tableReference(partsOf(table), search.defaults),
        qualifier: name === null ? '' : `${quoted(name)}.`,
        feedsNamedColumns: byName && role === 'derived' && !body.distinct,
      },
    ];
  });
}

/** Words after which a star is a projection and not a multiplication. */
const BEFORE_A_STAR = new Set(['SELECT', 'ALL', 'DISTINCT', ',']);

/** The places of a SELECT's stars, in order; empty if tokens and tree disagree. */
function starSpans(body: SelectBody, tables: readonly (TableBody | null)[], search: SiteSearch) {
  const first = tables.find((table) => table !== null && nameSpan(table, search) !== null) ?? null;
  const clauses = first === null ? null : clausesOf(first, search);
  const projection = clauses === null ? [] : search.text.tokens.slice(clauses.SELECT, clauses.FROM);
  const group = projection[0]?.group;
  const level = projection.filter((token) => token.group === group);
  const spans = level.flatMap((token, index) => {
    if (token.text !== '*') return [];
    const isQualified = level[index - 1]?.text === '.';
    const before = level[index - (isQualified ? 3 : 1)];
    const start = isQualified ? level[index - 2]?.start : token.start;
    return BEFORE_A_STAR.has(before?.word ?? before?.text ?? '') && start !== undefined
      ? [{ start, end: token.end }]
      : [];
  });
  return spans.length === starsOf(body).length ? spans : [];
}

function nameSpan({ catalog, schema, name }: TableBody, { offsetOf }: SiteSearch) {
  const first = (catalog ?? schema ?? name).span;
  const last = name.span;
  return first && last ? { start: offsetOf(first.start), end: offsetOf(last.end) } : null;
}

function isNamedElsewhere(name: string, own: TextSpan, { tokens }: SourceText): boolean {
  return tokens.some(({ text, start, end }) => {
    const isOwn = start >= own.start && end <= own.end;
    return !isOwn && text.replaceAll('`', '').split('.').at(-1)?.toLowerCase() === name.toLowerCase();
  });
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``;
}

function wordsIn(sql: string): readonly string[] {
  const words = new Set<string>();
  for (const { name, word } of tokensOf(sql)) {
    for (const part of (name ?? word ?? '').toLowerCase().split('.')) words.add(part);
  }
  words.delete('');
  return [...words];
}
