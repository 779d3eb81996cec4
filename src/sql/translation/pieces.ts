import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';

/** A part of a translated text, and the part of the original that it stands for. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** SQL in words that the parsers know, with the same meaning as the original for a reader. */
export interface Translation {
  readonly sql: string;
  /** The place in the original of a place in the translation: of added words, the place of what they were added for. */
  originOf(span: TextSpan): TextSpan;
}

/** A part of the original, as it stands there. */
export function copied(source: string, start: number, end: number): Piece {
  return { text: source.slice(start, end), start, end };
}

/** Words that the original does not have, for a part of it that it has. */
export function added(text: string, { start, end }: TextSpan): Piece {
  return { text, start, end };
}

export function joined(pieces: readonly Piece[]): Translation {
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length;
  }
  const placed = (offset: number) => {
    const at = indexOfLast(starts, offset);
    const { text, start, end } = pieces[at] ?? { text: '', start: 0, end: 0 };
    // Of a copy, the very character; of anything added, all that it stands for.
    const isCopy = text.length === end - start;
    const character = start + offset - (starts[at] ?? 0);
    return isCopy ? { start: character, end: character + 1 } : { start, end };
  };
  return {
    sql: pieces.map(({ text }) => text).join(''),
    originOf: ({ start, end }) => {
      const [first, last] = [placed(start), placed(Math.max(start, end - 1))];
      return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
    },
  };
}

/** The index of the last start that is not behind an offset; empty pieces are passed over. */
function indexOfLast(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
