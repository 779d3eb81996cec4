import { lengthOfPath } from './from-items.ts';
import type { WordRange } from './lists.ts';
import { type LocatedWords, levelOf } from './located-words.ts';
import { BEGINS_QUERY } from './query-translator.ts';

/**
 * A statement about tables, schemas or access that the parser does not know, or not with all of its clauses, as one that it
 * knows: words, a path, words, and what is copied. What is left out, such as OPTIONS, names no table and runs no query.
 */
export interface DefinitionStatement {
  /** Its own leading keywords. */
  readonly keywords: string;
  readonly before: string;
  readonly path: WordRange;
  readonly after: string;
  /** The source of a copy, a query, or what a function consists of. */
  readonly rest: WordRange | null;
}

/** An ALTER that changes no name and no column. */
const ANY_CHANGE = ' SET OPTIONS (a = 1)';

/** Words that name another table, or begin a query: a clause with one of them is not left out. */
const SAYS_MORE: ReadonlySet<string> = new Set(['SELECT', 'REFERENCES', 'REPLICA']);

/** Statements by the words that they begin with; `OR REPLACE`, `TEMP` and `IF EXISTS` may stand between. */
const READERS: readonly (readonly [RegExp, (statement: Statement) => DefinitionStatement | null])[] = [
  [/^CREATE (?:(?:EXTERNAL |SNAPSHOT )?TABLE|(?:MATERIALIZED )?VIEW)$/, created],
  [/^CREATE AGGREGATE FUNCTION$/, aggregate],
  [/^(?:CREATE|ALTER|UNDROP) SCHEMA$/, ({ keywords, path }) => plain(keywords, 'CREATE SCHEMA ', path)],
  [/^ALTER (?:TABLE|(?:MATERIALIZED )?VIEW)$/, altered],
  [/^DROP (?:EXTERNAL|SNAPSHOT) TABLE$/, ({ keywords, path }) => plain(keywords, 'DROP TABLE ', path)],
  [/^DROP TABLE FUNCTION$/, ({ keywords, path }) => plain(keywords, 'DROP FUNCTION ', path)],
  [/^LOAD DATA (?:INTO|OVERWRITE)$/, loaded],
];

/** What the parts of a statement are known by. */
interface Statement {
  readonly located: LocatedWords;
  readonly keywords: string;
  readonly isTemporary: boolean;
  readonly ifNotExists: boolean;
  readonly path: WordRange;
  readonly to: number;
}

/**
 * The statement between two words as the parser can read it; null if it is another one, or may do more than define.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language
 */
export function definitionStatement(
  located: LocatedWords,
  from: number,
  to: number,
): DefinitionStatement | null {
  const first = textAt(located, from);
  if (first === 'GRANT' || first === 'REVOKE') return granted(located, first, from, to);
  const statement = statementAt(located, from, to);
  const reader = READERS.find(([keywords]) => statement !== null && keywords.test(statement.keywords))?.[1];
  return statement === null || reader === undefined ? null : reader(statement);
}

const OPTIONAL = /^(?:OR|REPLACE|TEMP|TEMPORARY|IF|NOT|EXISTS)$/;
const KEYWORD =
  /^(?:CREATE|ALTER|DROP|UNDROP|LOAD|DATA|INTO|OVERWRITE|EXTERNAL|SNAPSHOT|TABLE|MATERIALIZED|VIEW|SCHEMA|AGGREGATE|FUNCTION)$/;

/** Keywords up to a path. */
function statementAt(located: LocatedWords, from: number, to: number): Statement | null {
  const keywords: string[] = [];
  const optional: string[] = [];
  let at = from;
  for (; at < to; at += 1) {
    const text = textAt(located, at);
    if (KEYWORD.test(text)) keywords.push(text);
    else if (OPTIONAL.test(text)) optional.push(text);
    else break;
  }
  const path = pathAt(located, at, to);
  if (path === null) return null;
  return {
    located,
    keywords: keywords.join(' '),
    path,
    to,
    isTemporary: optional.some((word) => word.startsWith('TEMP')),
    ifNotExists: optional.includes('NOT'),
  };
}

/** With the query that fills it or the table that it copies, and without anything else. */
function created({
  located,
  keywords,
  isTemporary,
  ifNotExists,
  path,
  to,
}: Statement): DefinitionStatement | null {
  const kind = keywords.replace(/^CREATE (?:EXTERNAL |SNAPSHOT )?/, '');
  const before = `CREATE ${isTemporary ? 'TEMP ' : ''}${kind} ${ifNotExists ? 'IF NOT EXISTS ' : ''}`;
  const level = [...levelOf(located, path.to, to)];
  const as = level.find((at) => textAt(located, at) === 'AS' && BEGINS_QUERY.has(textAt(located, at + 1)));
  if (as !== undefined)
    return leavesOut(located, path.to, as)
      ? { keywords, before, path, after: ' AS ', rest: { from: as + 1, to } }
      : null;
  if (!leavesOut(located, path.to, to)) return null;
  const copies = level.find((at) => ['CLONE', 'COPY', 'LIKE'].includes(textAt(located, at)));
  if (copies !== undefined) {
    const source = pathAt(located, copies + 1, to);
    return source && { keywords, before, path, after: ` ${textAt(located, copies)} `, rest: source };
  }
  return kind === 'TABLE' && keywords !== 'CREATE SNAPSHOT TABLE'
    ? { ...plain(keywords, before, path), after: ' (a INT64)' }
    : null;
}

/** All of it counts, as that of any other function. */
function aggregate({ keywords, isTemporary, path, to }: Statement): DefinitionStatement {
  const before = `CREATE ${isTemporary ? 'TEMP ' : ''}FUNCTION `;
  return { keywords, before, path, after: ' ', rest: { from: path.to, to } };
}

function altered({ located, keywords, path, to }: Statement): DefinitionStatement | null {
  return leavesOut(located, path.to, to)
    ? { ...plain(keywords, 'ALTER TABLE ', path), after: ANY_CHANGE }
    : null;
}

/** Through a connection, another cloud bills for it. */
function loaded({ located, path, to, isTemporary }: Statement): DefinitionStatement | null {
  const words = located.words.slice(path.to, to).map(({ text }) => text);
  const isPlain = !isTemporary && words.includes('FILES') && !words.includes('CONNECTION');
  return isPlain && leavesOut(located, path.to, to)
    ? { ...plain('LOAD DATA', 'INSERT INTO ', path), after: ' VALUES (1)' }
    : null;
}

/** ``GRANT `roles/…` ON TABLE t TO 'user:…'``. */
function granted(
  located: LocatedWords,
  keyword: string,
  from: number,
  to: number,
): DefinitionStatement | null {
  const on = [...levelOf(located, from, to)].find((at) => textAt(located, at) === 'ON') ?? to;
  const kind = textAt(located, on + 1);
  const path = pathAt(located, on + 2, to);
  if (path === null || !leavesOut(located, path.to, to)) return null;
  if (kind === 'SCHEMA') return plain(keyword, 'CREATE SCHEMA ', path);
  const isOfTable = kind === 'TABLE' || kind === 'VIEW';
  return isOfTable ? { ...plain(keyword, 'ALTER TABLE ', path), after: ANY_CHANGE } : null;
}

function plain(keywords: string, before: string, path: WordRange): DefinitionStatement {
  return { keywords, before, path, after: '', rest: null };
}

/** Whether nothing in these words reads anything. */
function leavesOut({ words }: LocatedWords, from: number, to: number): boolean {
  return !words
    .slice(from, to)
    .some(({ text }, at, all) => SAYS_MORE.has(text) || (text === 'FROM' && all[at - 1]?.text === '('));
}

function pathAt({ words }: LocatedWords, at: number, to: number): WordRange | null {
  const length = lengthOfPath(words.slice(at, to));
  return length === 0 ? null : { from: at, to: at + length };
}

function textAt({ words }: LocatedWords, at: number): string {
  return words[at]?.text ?? '';
}
