import { RESERVED_WORDS } from '../../vocabulary/reserved-words.ts';
import { blankWords, type Word } from './words.ts';

const OPENS: ReadonlySet<string> = new Set(['(', '[']);
const CLOSES: ReadonlySet<string> = new Set([')', ']']);

/**
 * The SQL in a form that polyglot can read, with every character in its place; null if there is nothing to mend.
 * Polyglot reads neither `ARRAY(WITH …)`, which becomes a subquery without ARRAY, nor a comma at the end of a list
 * before its parenthesis, `NOT AGGREGATE` after a parameter, and all but the first of several variables without a type,
 * which are left out, nor `INSTR` with four arguments, which become a list without it.
 */
export function removeOddLists(sql: string): string | null {
  return blankWords(sql, (words) => words.flatMap((_, index) => oddWordsAt(words, index)));
}

function oddWordsAt(words: readonly Word[], at: number): readonly Word[] {
  const textAt = (index: number) => words[index]?.text ?? '';
  switch (textAt(at)) {
    case ',':
      return textAt(at + 1) === ')' ? words.slice(at, at + 1) : [];
    case 'ARRAY':
      return textAt(at + 1) === '(' && textAt(at + 2) === 'WITH' ? words.slice(at, at + 1) : [];
    case 'INSTR':
      return longCallAt(words, at);
    case 'NOT': {
      const isOfParameter = [',', ')'].includes(textAt(at + 2)) && !RESERVED_WORDS.has(textAt(at - 1));
      return isOfParameter && textAt(at + 1) === 'AGGREGATE' ? words.slice(at, at + 2) : [];
    }
    case 'DECLARE': {
      let end = at + 2;
      while (textAt(end) === ',') end += 2;
      return textAt(end) === 'DEFAULT' ? words.slice(at + 2, end) : [];
    }
    default:
      return [];
  }
}

/** The name of a function without a path that is called with four arguments. */
function longCallAt(words: readonly Word[], at: number): readonly Word[] {
  const isLong = words[at - 1]?.text !== '.' && hasArguments(words, at + 1, 4);
  return isLong ? words.slice(at, at + 1) : [];
}

/** Whether so many arguments stand in the brackets that open there. */
function hasArguments(words: readonly Word[], opening: number, count: number): boolean {
  let depth = 0;
  let commas = 0;
  for (let at = opening; at < words.length; at += 1) {
    const text = words[at]?.text ?? '';
    if (OPENS.has(text)) depth += 1;
    else if (CLOSES.has(text)) depth -= 1;
    else if (text === ',' && depth === 1) commas += 1;
    if (depth === 0) break;
  }
  return depth === 0 && commas === count - 1;
}
