import { Dialect, tokenize } from '@polyglot-sql/sdk';

/** Brackets of one level: what is in them so far. */
interface Level {
  hasCommonTables: boolean;
  /** The character at which a query in brackets after common tables begins, until it is known what follows it. */
  start: number | null;
}

/** What follows a query in brackets that is the whole query, apart from the end of what it is in. */
const ENDS_QUERY: ReadonlySet<string> = new Set(['ORDER', 'LIMIT', ')', ';']);

/**
 * SQL in which queries in brackets after common tables are selected from, unless they are operands of UNION and the like: of
 * `WITH c AS (…) (SELECT …) LIMIT 5`, the parser drops the common tables.
 */
export function selectFromBrackets(sql: string): string {
  if (!/\bWITH\b/i.test(sql)) return sql;
  const characters = [...sql];
  for (const start of startsOfBrackets(sql, characters).toReversed())
    characters.splice(start, 0, 'SELECT * FROM ');
  return characters.join('');
}

function startsOfBrackets(sql: string, characters: readonly string[]): readonly number[] {
  const starts: number[] = [];
  const levels: Level[] = [];
  let level = newLevel();
  let before = '';
  for (const { word, at } of wordsIn(sql, characters)) {
    if (level.start !== null && ENDS_QUERY.has(word)) starts.push(level.start);
    level.start = level.hasCommonTables && before === ')' && word === '(' ? at : null;
    level.hasCommonTables ||= word === 'WITH';
    if (word === '(') levels.push(level);
    if (word === '(') level = newLevel();
    else if (word === ')') level = levels.pop() ?? level;
    before = word;
  }
  if (level.start !== null) starts.push(level.start);
  return starts.toSorted((a, b) => a - b);
}

interface Word {
  /** In upper case; empty for text. */
  readonly word: string;
  readonly at: number;
}

function wordsIn(sql: string, characters: readonly string[]): readonly Word[] {
  const { tokens = [] } = tokenize(sql, Dialect.BigQuery);
  return tokens.map(({ text, span: { start } }) => {
    const isText = /['"]/.test(characters[start] ?? '');
    return { word: isText ? '' : text.toUpperCase(), at: start };
  });
}

function newLevel(): Level {
  return { hasCommonTables: false, start: null };
}
