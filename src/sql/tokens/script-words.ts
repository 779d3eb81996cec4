import { NO_FUNCTIONS } from './token-facts.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What the tokens of SQL say about statements that no parser reads completely. */
export interface ScriptWords {
  /** System variables named anywhere, without `@@`, in lower case; `dataset_id` for `@@dataset_id`. */
  readonly systemVariables: ReadonlySet<string>;
  /** The statement that runs SQL that is not in the text; null if there is none. */
  readonly unseen: 'EXECUTE IMMEDIATE' | 'CALL' | null;
  /** Whether `CREATE MODEL` stands anywhere, `OR REPLACE` between the two or not. */
  readonly makesModel: boolean;
}

const NOTHING: ScriptWords = { systemVariables: new Set(), unseen: null, makesModel: false };

/** SQL without any of these has nothing to look for. */
const WORTH_A_LOOK = /@@|\bEXECUTE\b|\bCALL\b|\bMODEL\b/i;

/** A statement begins after these, and at the start. */
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

/** More tokens than any procedure's path has: a project name has at most thirty characters. */
const MAX_TOKENS_OF_PATH = 64;

/** Longer SQL is not tokenized where requests wait for it: it would hold up every other one. Its words alone must do. */
export const MAX_TOKENIZED_CHARACTERS = 32_768;

/** Takes time linear in the length of the SQL. */
export function scriptWordsOf(sql: string): ScriptWords {
  if (!WORTH_A_LOOK.test(sql)) return NOTHING;
  const tokens = [...tokensOf(sql)].filter(({ space }) => space === undefined);
  const words = tokens.map(({ word }) => word?.toUpperCase());
  return {
    systemVariables: new Set(tokens.flatMap((_, at) => systemVariableAt(tokens, at))),
    unseen: unseenIn(tokens, words),
    makesModel: words.some(
      (word, at) => word === 'MODEL' && ['CREATE', 'REPLACE'].includes(words[at - 1] ?? ''),
    ),
  };
}

function unseenIn(tokens: readonly Token[], words: readonly (string | undefined)[]): ScriptWords['unseen'] {
  if (words.some((word, at) => word === 'EXECUTE' && words[at + 1] === 'IMMEDIATE'))
    return 'EXECUTE IMMEDIATE';
  return words.some((word, at) => word === 'CALL' && isStatement(tokens, at)) ? 'CALL' : null;
}

/** Whether a statement may begin at a token. */
export function mayBegin(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.whole.toUpperCase();
  return before === undefined || BEFORE_STATEMENT.has(before);
}

/** `CALL a.b(`, and not a column named `call`, as in `CASE WHEN x THEN call END`. */
function isStatement(tokens: readonly Token[], at: number): boolean {
  if (!mayBegin(tokens, at)) return false;
  const path = tokens.slice(at + 1, at + 1 + MAX_TOKENS_OF_PATH);
  const { word, name } = path[0] ?? {};
  const isName = name !== undefined || (word !== undefined && !NO_FUNCTIONS.has(word.toUpperCase()));
  return isName && path.find((token) => !isOfPath(token))?.whole === '(';
}

/** `my-project-123.d.p` is seven tokens: a number swallows the dot after it. */
function isOfPath({ whole, word, name, number }: Token): boolean {
  return (word ?? name ?? number) !== undefined || whole === '.' || whole === '-';
}

/** The name may be separated from its `@@`, and quoted. */
function systemVariableAt(tokens: readonly Token[], at: number): readonly string[] {
  const word = tokens[at]?.word;
  if (word === undefined || !word.startsWith('@@')) return [];
  const next = tokens[at + 1];
  const name = word === '@@' ? (next?.name ?? next?.word ?? '') : word.slice(2);
  return [name.toLowerCase()];
}
