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
  for (const { text, span } of tokenize(sql, Dialect.BigQuery).tokens ?? []) {
    const isText = /['"]/.test(characters[span.start] ?? '');
    const word = isText ? '' : text.toUpperCase();
    if (level.start !== null && ENDS_QUERY.has(word)) starts.push(level.start);
    level.start = level.hasCommonTables && before === ')' && word === '(' ? span.start : null;
    level.hasCommonTables ||= word === 'WITH';
    if (word === '(') {
      levels.push(level);
      level = newLevel();
    } else if (word === ')') level = levels.pop() ?? newLevel();
    before = word;
  }
  return [...starts, ...(level.start === null ? [] : [level.start])].toSorted((a, b) => a - b);
}

function newLevel(): Level {
  return { hasCommonTables: false, start: null };
}
