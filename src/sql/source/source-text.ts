import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import { matchBrackets } from '../tokens/brackets.ts';
import { characterOffsets } from '../tokens/character-offsets.ts';
import { tokensOf } from '../tokens/tokens.ts';

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

export function sourceTextOf(sql: string): SourceText {
  const ungrouped = locateTokens(sql);
  const { closings, around } = matchBrackets(ungrouped.map(({ text }) => text));
  const tokens = ungrouped.map((token, index) => ({ ...token, group: around[index] ?? -1 }));
  const indexes = new Map(tokens.map(({ start }, index) => [start, index]));
  const offsetOf = characterOffsets(sql);
  return {
    tokens,
    tokenAt: ({ span }) => (span ? (indexes.get(offsetOf(span.start)) ?? null) : null),
    closing: (opening) => closings.get(opening) ?? tokens.length,
    span: (first, last) => ({ start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? sql.length }),
  };
}

function locateTokens(sql: string): readonly Omit<SourceToken, 'group'>[] {
  const tokens: Omit<SourceToken, 'group'>[] = [];
  let start = 0;
  for (const { whole, space, word } of tokensOf(sql)) {
    const end = start + whole.length;
    if (space === undefined) tokens.push({ text: whole, word: keywordOf(word, tokens.at(-1)), start, end });
    start = end;
  }
  return tokens;
}

function keywordOf(word: string | undefined, before: Pick<SourceToken, 'text'> | undefined): string | null {
  return word === undefined || before?.text === '.' ? null : word.toUpperCase();
}
