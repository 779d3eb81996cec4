import type { TextSpan } from '../../../vocabulary/antipattern.ts';
import { characterOffsets } from '../../tokens/character-offsets.ts';
import { tokensOf } from '../../tokens/tokens.ts';

/** A token of the SQL with its place; white space and comments are not tokens here. */
export interface SourceToken extends TextSpan {
  readonly text: string;
  /** An unquoted word in upper case; null for anything else, and for a field's name after a dot. */
  readonly word: string | null;
  /** The index of the bracket that this token is in; -1 outside all brackets. */
  readonly group: number;
}

/** The original SQL as tokens: it locates what the syntax tree mentions without a place. */
export interface SourceText {
  readonly tokens: readonly SourceToken[];
  /** The index of the token where a name of the syntax tree begins; null if none begins there. */
  tokenAt(name: { readonly span?: { readonly start: number } | null }): number | null;
  /** The index of the bracket that closes the one at this index, or one past the last token. */
  closing(opening: number): number;
  /** The span from one token to another, both included. */
  span(first: number, last: number): TextSpan;
}

const CLOSES: Readonly<Record<string, boolean>> = { ')': true, ']': true };
const OPENS: Readonly<Record<string, boolean>> = { '(': true, '[': true };

export function sourceTextOf(sql: string): SourceText {
  const { tokens, closings } = locateTokens(sql);
  const indexes = new Map(tokens.map(({ start }, index) => [start, index]));
  const offsetOf = characterOffsets(sql);
  return {
    tokens,
    tokenAt: ({ span }) => (span ? (indexes.get(offsetOf(span.start)) ?? null) : null),
    closing: (opening) => closings.get(opening) ?? tokens.length,
    span: (first, last) => ({ start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? sql.length }),
  };
}

function locateTokens(sql: string): {
  tokens: readonly SourceToken[];
  closings: ReadonlyMap<number, number>;
} {
  const tokens: SourceToken[] = [];
  const closings = new Map<number, number>();
  const open: number[] = [];
  let start = 0;
  for (const { whole, space, word } of tokensOf(sql)) {
    const end = start + whole.length;
    if (space === undefined) {
      const opening = CLOSES[whole] ? open.pop() : undefined;
      if (opening !== undefined) closings.set(opening, tokens.length);
      const keyword = keywordOf(word, tokens.at(-1));
      tokens.push({ text: whole, word: keyword, start, end, group: open.at(-1) ?? -1 });
      if (OPENS[whole]) open.push(tokens.length - 1);
    }
    start = end;
  }
  return { tokens, closings };
}

function keywordOf(word: string | undefined, before: SourceToken | undefined): string | null {
  return word === undefined || before?.text === '.' ? null : word.toUpperCase();
}
