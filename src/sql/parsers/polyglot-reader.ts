import type { ParseResult } from '@polyglot-sql/sdk';
import type { AntiPatternFinding, AntiPatternName } from '../../vocabulary/antipatterns/antipattern.ts';
import type { FunctionRows, TableUse } from '../../vocabulary/reading.ts';
import type { SuffixCondition } from '../../vocabulary/suffixes.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import { findAntiPatterns } from '../antipatterns/find-antipatterns.ts';
import { newAllowance } from '../columns/allowance.ts';
import { recordColumnUses } from '../columns/column-uses.ts';
import { type ColumnList, emptyMention, type Mention } from '../columns/origins.ts';
import { suffixConditions } from '../columns/table-suffixes.ts';
import { parseMended } from '../mending/parse-mended.ts';
import { plainSql } from '../mending/plain-sql.ts';
import { type Survey, surveyOf } from '../syntax/survey.ts';
import type { Expression, TableBody } from '../syntax/syntax-parts.ts';
import {
  copiedTables,
  functionRowsIn,
  isParsed,
  isRunTogether,
  isStatement,
  limitOf,
  partsOf,
  starredTables,
  statementOf,
  variablesIn,
} from '../syntax/syntax-tree.ts';
import { rowsTakenWhole, rowsWritten } from '../syntax/whole-rows.ts';
import { unreadMentions, writtenTables } from '../syntax/written-tables.ts';
import { type NameDefaults, tableReference } from '../table-names.ts';
import { hasMoreSelects } from '../tokens/select-words.ts';
import { markPassedOn } from '../translation/passed-on.ts';
import { type StandardQueries, standardQueries } from '../translation/standard-queries.ts';

/** What one reader makes of the SQL, or why it cannot. */
export type ReaderOutcome =
  | {
      readonly ok: true;
      readonly statement: string;
      readonly tables: readonly TableUse[];
      readonly writes: readonly TableReference[];
      readonly star: boolean;
      readonly functionRows?: FunctionRows;
      readonly limit: number | null;
      readonly joinsWithoutCondition: number;
      readonly subqueries: number;
      readonly antiPatterns: readonly AntiPatternFinding[];
      /** Why the reading is incomplete; null if it is complete. */
      readonly unreadReason: string | null;
    }
  | { readonly ok: false; readonly reason: string };

/** Reads GoogleSQL with polyglot: every statement's tables, and for queries how each column is used. */
export function readWithPolyglot(sql: string, defaults: NameDefaults): ReaderOutcome {
  const plain = plainSql(sql);
  const { standard, parsed } = parseStandard(plain);
  if (!parsed.success) return { ok: false, reason: parsed.error ?? 'the parser gave no reason' };
  const parsedStatements = statementsIn(parsed);
  const statements = standard === null ? parsedStatements : markPassedOn(parsedStatements, standard.passedOn);
  const first = statements[0];
  if (first === undefined) return { ok: false, reason: 'there is no statement' };

  const survey = surveyOf(statements);
  if (survey.tables.some(isRunTogether)) return { ok: false, reason: 'a name runs into what follows it' };
  const suffixes = MAY_HIDE_LETTERS.test(sql) ? new Map() : suffixConditions(survey.selects);
  const variables = new Set([...statements.flatMap(variablesIn), ...(standard?.variables ?? [])]);
  const { tables, notFollowed, selectsStar } = usesOf(statements, { survey, suffixes, variables, defaults });
  const functionRows = functionRowsIn(survey.selects);
  const { findings, notSearched } = findAntiPatterns(standard?.sql ?? plain, statements, defaults);
  return {
    ok: true,
    statement: statements.length > 1 ? 'SCRIPT' : keywordsOf(first, standard),
    tables,
    writes: writtenTables(statements, defaults),
    star: selectsStar || functionRows === 'all columns',
    ...(functionRows === null ? {} : { functionRows }),
    limit: limitOf(first),
    joinsWithoutCondition: survey.joinsWithoutCondition,
    subqueries: survey.subqueries - (standard?.addedSubqueries ?? 0),
    antiPatterns:
      standard === null
        ? findings
        : findings.map((finding) => ({ ...finding, span: standard.originOf(finding.span) })),
    unreadReason: statements.every(isStatement)
      ? unreadReasonOf(survey, standard?.sql ?? plain, notFollowed, notSearched)
      : 'a part of it is no statement of GoogleSQL',
  };
}

function keywordsOf(statement: Expression, standard: StandardQueries | null): string {
  return standard?.isScript === true ? 'SCRIPT' : (standard?.keywords ?? statementOf(statement));
}

/** In these, other characters stand for quotes and escapes. */
const MAY_HIDE_LETTERS = /\\|'''|"""/;

interface ParsedStandard {
  /** Null if the SQL was parsed as it stands. */
  readonly standard: StandardQueries | null;
  readonly parsed: ParseResult;
}

/** Statements that define something are put in other words only if the parser does not know them in their own. */
function parseStandard(plain: string): ParsedStandard {
  const asWritten = parseAs(plain, standardQueries(plain));
  if (asWritten.parsed.success && statementsIn(asWritten.parsed).every(isParsed)) return asWritten;
  const standard = standardQueries(plain, { withDefinitions: true });
  const inOtherWords = standard === null ? asWritten : parseAs(plain, standard);
  return inOtherWords.parsed.success ? inOtherWords : asWritten;
}

function parseAs(plain: string, standard: StandardQueries | null): ParsedStandard {
  return { standard, parsed: parseMended(standard?.sql ?? plain) };
}

function statementsIn({ ast }: ParseResult): readonly Expression[] {
  return Array.isArray(ast) ? ast : [];
}

/** A rule that denies an anti-pattern must not be passed by SQL that could not be searched for it. */
function unreadReasonOf(
  { hasUnparsed, selects }: Survey,
  sql: string,
  notFollowed: string | null,
  [notSearched]: readonly AntiPatternName[],
): string | null {
  if (hasUnparsed) return 'a statement in it is taken over without being parsed';
  if (hasMoreSelects(sql, selects.length)) return 'the parser leaves out a query in it';
  if (notFollowed !== null) return notFollowed;
  return notSearched === undefined ? null : `it is too odd to look for ${notSearched} in it`;
}

interface UsesFound {
  readonly tables: readonly TableUse[];
  /** Why not every column could be followed to its tables; null if all could. */
  readonly notFollowed: string | null;
  /** Whether a star selects columns of a table, or a row is taken whole; a copy of a table does neither. */
  readonly selectsStar: boolean;
}

/**
 * Each table once, combining all its mentions. A script's variables count as columns, of which a column of that name is
 * what BigQuery takes.
 */
function usesOf(
  statements: readonly Expression[],
  {
    survey,
    suffixes,
    variables,
    defaults,
  }: {
    readonly survey: Survey;
    readonly suffixes: ReadonlyMap<TableBody, readonly SuffixCondition[]>;
    readonly variables: ReadonlySet<string>;
    readonly defaults: NameDefaults;
  },
): UsesFound {
  const mentions = new Map(survey.tables.map((table) => [table, emptyMention()]));
  const mentionOf = (table: TableBody) => mentions.get(table) ?? null;
  const allowance = newAllowance();
  const [notFollowed = null] = statements
    .map((statement) => recordColumnUses(statement, mentionOf, allowance, variables))
    .filter((reason) => reason !== null);
  const nameOf = (table: TableBody) => tableName(tableReference(partsOf(table), defaults));
  const selected = wholeTables(statements, survey);
  const starred = new Set([...selected, ...statements.flatMap(copiedTables)].map(nameOf));
  const tables = new Map(survey.tables.map((table) => [nameOf(table), table]));
  const unread = unreadMentions(statements);
  const reads = [...mentions].filter(([table]) => !unread.has(table));
  const byName = Map.groupBy(reads, ([table]) => nameOf(table));
  const uses = [...tables].map(([name, table]) => {
    const mentioned = byName.get(name) ?? [];
    const use = useOf(
      tableReference(partsOf(table), defaults),
      starred.has(name),
      mentioned.map(([, mention]) => mention),
    );
    // Another mention of the wildcard may read any of its tables.
    const conditions = mentioned.length === 1 ? suffixes.get(table) : undefined;
    return conditions === undefined ? use : { ...use, suffixes: conditions };
  });
  return { tables: uses, notFollowed, selectsStar: selected.length > 0 };
}

/** Tables of which some statement takes every column. */
function wholeTables(
  statements: readonly Expression[],
  { selects, tableArguments }: Survey,
): readonly TableBody[] {
  return [
    ...starredTables(selects),
    ...tableArguments,
    ...selects.flatMap(rowsTakenWhole),
    ...statements.flatMap(rowsWritten),
  ];
}

/** A column filters a table only if it filters every mention that is read: one without the filter reads all of the table. */
function useOf(table: TableReference, star: boolean, mentions: readonly Mention[]): TableUse {
  const reading = mentions.filter(({ isNeverRead }) => !isNeverRead);
  const all = (list: ColumnList) => [...new Set(mentions.flatMap((mention) => [...mention[list]]))];
  const filtered = all('filtered').filter((column) =>
    reading.every((mention) => mention.filtered.has(column)),
  );
  const tested = [...all('filtered'), ...all('tested')].filter((column) => !filtered.includes(column));
  // Of two mentions of one table, only one may have the column.
  const ifOwn = mentions.length === 1 ? all('filteredIfOwn').filter((name) => !filtered.includes(name)) : [];
  const variables = all('comparedVariables');
  return {
    table,
    star,
    projected: all('projected'),
    filtered,
    ...(tested.length === 0 ? {} : { tested: [...new Set(tested)] }),
    ...(ifOwn.length === 0 ? {} : { filteredIfOwn: ifOwn }),
    ...(ifOwn.length + filtered.length === 0 || variables.length === 0
      ? {}
      : { comparedVariables: variables }),
    joined: all('joined'),
    grouped: all('grouped'),
    ...(mentions.length > 0 && reading.length === 0 ? { neverRead: true } : {}),
  };
}
