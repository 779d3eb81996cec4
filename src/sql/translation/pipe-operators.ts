import { fromItemsIn } from './from-items.ts';
import { type LocatedWords, levelOf, unquoted } from './located-words.ts';
import { Untranslatable } from './untranslatable.ts';

/** One `|> OPERATOR …`, by its words. */
export interface PipeOperator {
  readonly kind: string;
  /** The word after `|>`. */
  readonly first: number;
  /** The first word of what it is told. */
  readonly from: number;
  /** One past its last word. */
  readonly to: number;
  /**
   * Whether the columns that it passes on by a star are narrowed later, so that only those are read that a later operator
   * names.
   */
  readonly isNarrowedLater: boolean;
  /** The same for the columns that it gets. */
  readonly isNarrowedBefore: boolean;
  /** What names rows anywhere in the query, in upper case. */
  readonly rows: ReadonlySet<string>;
  /** Whether a later operator names a column by the name of its row. */
  readonly namesLater: (row: string, column: string) => boolean;
  /** The names, in upper case, by which it or a later operator names rows from before it, from a word on. */
  readonly rowsNamedFrom: (at: number) => readonly string[];
}

/** Words before the one that says what an operator does. */
const MODIFIERS: ReadonlySet<string> = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'OUTER', 'CROSS']);

/** Operators that need every column of the rows that they get. */
const TAKES_ALL: ReadonlySet<string> = new Set([
  ...['DISTINCT', 'INTERSECT', 'EXCEPT', 'PIVOT', 'UNPIVOT', 'MATCH_RECOGNIZE', 'CALL'],
]);

/** Operators after which rows no longer have the names that they had. */
const ENDS_NAMES: ReadonlySet<string> = new Set([
  ...['SELECT', 'AGGREGATE', 'AS', 'CALL', 'PIVOT', 'UNPIVOT', 'MATCH_RECOGNIZE'],
  ...['UNION', 'INTERSECT', 'EXCEPT'],
]);

/**
 * The operators of a pipe query.
 * @param pipes the indexes of its `|>`
 * @param to one past its last word
 * @param names what may name whole rows from its start on: names of rows, and of the paths that they come from
 */
export function pipeOperators(
  located: LocatedWords,
  pipes: readonly number[],
  to: number,
  names: RowNames,
): readonly PipeOperator[] {
  const plain = pipes.map((pipe, index) => operatorAt(located, pipe + 1, pipes[index + 1] ?? to));
  const all = [names, ...plain.map((operator) => namesIn(located, operator))];
  const rowNames = {
    rows: new Set(all.flatMap(({ rows }) => [...rows])),
    paths: new Set(all.flatMap(({ paths }) => [...paths])),
  };
  const lastPlaces = placesOfQualified(located, pipes[0] ?? to, to);
  const namedLater = rowsNamedLater(located, plain, all);
  const operators: PipeOperator[] = [];
  let isNarrowedLater = false;
  for (const [index, operator] of [...plain.entries()].reverse()) {
    const takesRows = takesAllColumns(located, operator) || namesRows(located, operator, rowNames);
    const isNarrowedBefore: boolean = !takesRows && (isNarrowedLater || narrows(located, operator));
    const namesLater = (row: string, column: string) =>
      (lastPlaces.get(`${row}.${column}`.toUpperCase()) ?? 0) >= operator.to;
    const rowsNamedFrom = namedLater[index] ?? (() => []);
    const known = { rows: rowNames.rows, namesLater, rowsNamedFrom };
    operators.push({ ...operator, isNarrowedLater, isNarrowedBefore, ...known });
    isNarrowedLater = isNarrowedBefore;
  }
  return operators.reverse();
}

/**
 * For each operator, what names rows from before it later, before another operator ends their names.
 * @param names of the rows at the start, and of those that each operator adds
 */
function rowsNamedLater(
  located: LocatedWords,
  operators: readonly Operator[],
  names: readonly RowNames[],
): readonly PipeOperator['rowsNamedFrom'][] {
  const ends = operators.flatMap(({ kind }, index) => (ENDS_NAMES.has(kind) ? [index] : []));
  const starts = [0, ...ends.map((index) => index + 1)];
  return starts.flatMap((start, index) => {
    const segment = operators.slice(start, starts[index + 1]);
    const places = placesOfNames(located, segment[0]?.first ?? 0, segment.at(-1)?.to ?? 0);
    return segment.map((_, position) => (from: number) => {
      const before = names
        .slice(start, start + position + 1)
        .flatMap(({ rows, paths }) => [...rows, ...paths]);
      return before.filter((name) => (places.get(name) ?? -1) >= from);
    });
  });
}

/** The last index of each name that is not a part of a longer path, in upper case; of a path in quotes, of its first part. */
function placesOfNames({ words }: LocatedWords, from: number, to: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    const word = words[at];
    if (word?.isName !== true || words[at - 1]?.text === '.') continue;
    const name = unquoted(word).toUpperCase();
    places.set(name, at);
    const [first = ''] = name.split('.');
    places.set(first, at);
  }
  return places;
}

/** The last index of each `row.column`, in upper case. */
function placesOfQualified({ words }: LocatedWords, from: number, to: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let at = from; at < to - 2; at += 1) {
    const [row, dot, column] = [words[at], words[at + 1], words[at + 2]];
    if (row?.isName === true && dot?.text === '.' && column?.isName === true)
      places.set(`${unquoted(row)}.${unquoted(column)}`.toUpperCase(), at);
  }
  return places;
}

/** Names in upper case: of rows, and the first ones of their tables' paths. */
export interface RowNames {
  readonly rows: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

export function rowNamesOf(located: LocatedWords, from: number, to: number): RowNames {
  const items = fromItemsIn(located, from, to);
  const upper = (names: readonly (string | null)[]) =>
    new Set(names.flatMap((name) => (name === null ? [] : [name.toUpperCase()])));
  return { rows: upper(items.map(({ name }) => name)), paths: upper(items.map((item) => item.firstOfPath)) };
}

type Operator = Pick<PipeOperator, 'kind' | 'first' | 'from' | 'to'>;

function operatorAt(located: LocatedWords, first: number, to: number): Operator {
  const { words } = located;
  let at = first;
  while (at < to && MODIFIERS.has(words[at]?.text ?? '')) at += 1;
  const kind = words[at]?.text ?? '';
  refuseClauses(located, at + 1, to);
  return { kind, first, from: at + 1, to };
}

/** Words that begin a part of a query in standard syntax, and none of an operator. */
const CLAUSES: ReadonlySet<string> = new Set([
  ...['SELECT', 'FROM', 'WHERE', 'HAVING', 'QUALIFY', 'LIMIT', 'UNION', 'INTERSECT'],
]);

/**
 * Nothing in an operator may become a clause of the SELECT that it is translated into.
 * @param from the word after the one that says what the operator does
 * @throws Untranslatable
 */
export function refuseClauses(located: LocatedWords, from: number, to: number): void {
  const text = (at: number) => located.words[at]?.text ?? '';
  for (const at of levelOf(located, from, to)) {
    const isExcept = text(at) === 'EXCEPT' && text(at + 1) !== '(';
    const isField = text(at - 1) === '.';
    const isComparison = text(at - 1) === 'DISTINCT' && ['IS', 'NOT'].includes(text(at - 2));
    if ((isExcept || CLAUSES.has(text(at))) && !isField && !isComparison) throw new Untranslatable();
  }
}

const NO_NAMES: RowNames = { rows: new Set(), paths: new Set() };

/** JOIN and AS name rows, and so may the alias after the brackets of CALL and PIVOT. */
function namesIn(located: LocatedWords, { kind, from, to }: Operator): RowNames {
  if (kind === 'JOIN') return rowNamesOf(located, from, to);
  const isNaming = ['AS', 'CALL', 'PIVOT', 'UNPIVOT', 'MATCH_RECOGNIZE'].includes(kind);
  return isNaming ? { ...NO_NAMES, rows: new Set([lastName(located, to)]) } : NO_NAMES;
}

function lastName({ words }: LocatedWords, to: number): string {
  const last = words[to - 1];
  return last?.isName === true ? unquoted(last).toUpperCase() : '';
}

/** Whether an operator may take rows whole: by their name alone, by `t.*`, or by the path of their table. */
function namesRows(located: LocatedWords, operator: Operator, { rows, paths }: RowNames): boolean {
  const { words } = located;
  const start = startOfUses(located, operator);
  return words.slice(start, operator.to).some((word, index) => {
    const at = start + index;
    if (!word.isName || words[at - 1]?.text === '.') return false;
    const name = unquoted(word).toUpperCase();
    const isQualifier = words[at + 1]?.text === '.';
    if (isQualifier && (paths.has(name) || (word.text.startsWith('`') && name.includes('.')))) return true;
    return rows.has(name) && (!isQualifier || words[at + 2]?.text === '*');
  });
}

/** What an operator gives a name to is not taken by that name. */
function startOfUses(located: LocatedWords, { kind, from, to }: Operator): number {
  if (kind === 'AS') return to;
  return kind === 'JOIN' ? conditionOf(located, from, to) : from;
}

function conditionOf(located: LocatedWords, from: number, to: number): number {
  for (const at of levelOf(located, from, to)) if (located.words[at]?.text === 'ON') return at;
  return to;
}

function takesAllColumns({ words }: LocatedWords, { kind, from }: Operator): boolean {
  return TAKES_ALL.has(kind) || (kind === 'UNION' && words[from]?.text !== 'ALL');
}

/** Whether only the columns that it names go on. */
function narrows(located: LocatedWords, { kind, from, to }: Operator): boolean {
  if (kind === 'AGGREGATE') return true;
  if (kind !== 'SELECT') return false;
  return ![...levelOf(located, from, to)].some((at) => isStar(located, at));
}

/** Not a multiplication. */
function isStar({ words }: LocatedWords, at: number): boolean {
  const before = words[at - 1]?.text ?? '';
  return words[at]?.text === '*' && ['SELECT', 'DISTINCT', 'ALL', 'STRUCT', ',', '.'].includes(before);
}
