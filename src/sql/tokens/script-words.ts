import { NO_FUNCTIONS } from './token-facts.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What the words of SQL say of statements that no parser reads to their end. */
export interface ScriptWords {
  /** System variables that are named anywhere, `@@` left out, in lower case; `dataset_id` of `@@dataset_id`. */
  readonly systemVariables: ReadonlySet<string>;
  /** The statement that runs SQL which does not stand in the text; null where there is none. */
  readonly unseen: 'EXECUTE IMMEDIATE' | 'CALL' | null;
}

const NOTHING: ScriptWords = { systemVariables: new Set(), unseen: null };

/** SQL without any of these has nothing to look for. */
const WORTH_A_LOOK = /@@|\bEXECUTE\b|\bCALL\b/i;

/** Behind these a statement begins, besides at the start. */
const BEFORE_STATEMENT: ReadonlySet<string> = new Set([
  ';',
  ':',
  'BEGIN',
  'DO',
  'ELSE',
  'LOOP',
  'REPEAT',
  'THEN',
]);

/** More than any path of a procedure has: a project has thirty characters at the most. */
const MOST_TOKENS_OF_PATH = 64;

/** Takes a time in proportion to the length of the SQL. */
export function scriptWordsOf(sql: string): ScriptWords {
  if (!WORTH_A_LOOK.test(sql)) return NOTHING;
  const tokens = [...tokensOf(sql)].filter(({ space }) => space === undefined);
  const words = tokens.map(({ word }) => word?.toUpperCase());
  const executes = words.some((word, at) => word === 'EXECUTE' && words[at + 1] === 'IMMEDIATE');
  const calls = words.some((word, at) => word === 'CALL' && isStatement(tokens, at));
  return {
    systemVariables: new Set(tokens.flatMap((_, at) => systemVariableAt(tokens, at))),
    unseen: executes ? 'EXECUTE IMMEDIATE' : calls ? 'CALL' : null,
  };
}

/** `CALL a.b(`, and not a column of that name, as in `CASE WHEN x THEN call END`. */
function isStatement(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.whole.toUpperCase();
  if (before !== undefined && !BEFORE_STATEMENT.has(before)) return false;
  const path = tokens.slice(at + 1, at + 1 + MOST_TOKENS_OF_PATH);
  const { word, name } = path[0] ?? {};
  const isName = name !== undefined || (word !== undefined && !NO_FUNCTIONS.has(word.toUpperCase()));
  return isName && path.find((token) => !isOfPath(token))?.whole === '(';
}

/** `my-project-123.d.p` is seven tokens: a number takes the point behind it. */
function isOfPath({ whole, word, name, number }: Token): boolean {
  return (word ?? name ?? number) !== undefined || whole === '.' || whole === '-';
}

/** The name may stand apart from its signs, and in quotes. */
function systemVariableAt(tokens: readonly Token[], at: number): readonly string[] {
  const word = tokens[at]?.word;
  if (word === undefined || !word.startsWith('@@')) return [];
  const next = tokens[at + 1];
  const name = word === '@@' ? (next?.name ?? next?.word ?? '') : word.slice(2);
  return [name.toLowerCase()];
}
