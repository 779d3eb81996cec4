import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import { added, type Piece } from './pieces.ts';

/** What a SELECT reads from. */
export interface DraftSource {
  readonly from: readonly Piece[];
  /** The name of its rows, without quotes; null if they have none, or several. */
  readonly name: string | null;
  readonly hasAlias: boolean;
  /** Whether it has several items, each with a name of its own. */
  readonly isJoined: boolean;
  readonly isPlainTable: boolean;
}

/** A SELECT to which pipe operators are added as long as it can hold them. */
export class DraftSelect {
  from: Piece[];
  name: string | null;
  hasAlias: boolean;
  isJoined: boolean;
  readonly isPlainTable: boolean;
  /** Without SELECT; null for all columns. */
  list: readonly Piece[] | null = null;
  isDistinct = false;
  where: (readonly Piece[])[] = [];
  /** What conditions on joined rows name, in upper case: columns without the names of their rows, and names of rows. */
  readonly tested = new Set<string>();
  qualify: (readonly Piece[])[] = [];
  /** What those in QUALIFY name, in upper case. */
  readonly qualifiedBy = new Set<string>();
  groupBy: readonly Piece[] = [];
  windows: readonly Piece[] = [];
  /** With their keywords, as written. */
  orderBy: readonly Piece[] = [];
  /** What ORDER BY names, in upper case. */
  orderedBy: ReadonlySet<string> = new Set();
  limit: readonly Piece[] = [];
  /** What the words that a SELECT needs, and the pipes do not have, are added for. */
  readonly #at: TextSpan;

  constructor({ from, name, hasAlias, isJoined, isPlainTable }: DraftSource, at: TextSpan) {
    this.from = [...from];
    this.name = name;
    this.hasAlias = hasAlias;
    this.isJoined = isJoined;
    this.isPlainTable = isPlainTable;
    this.#at = at;
  }

  /** Whether it has nothing but its FROM. */
  get isBare(): boolean {
    return this.isOfRows && this.where.length + this.qualify.length === 0 && this.orderBy.length === 0;
  }

  /** Whether it still gives all columns of all rows, in whatever order. */
  get isOfRows(): boolean {
    return this.list === null && this.limit.length === 0;
  }

  /** @param star what stands for all columns */
  pieces(star: readonly Piece[]): readonly Piece[] {
    const word = (text: string) => added(text, this.#at);
    const part = (keyword: string, content: readonly Piece[]) =>
      content.length === 0 ? [] : [word(` ${keyword} `), ...content];
    return [
      word(this.isDistinct ? 'SELECT DISTINCT ' : 'SELECT '),
      ...(this.list ?? star),
      word(' FROM '),
      ...this.from,
      ...part('WHERE', conjunction(this.where, word)),
      ...part('GROUP BY', this.groupBy),
      ...part('QUALIFY', conjunction(this.qualify, word)),
      ...part('WINDOW', this.windows),
      ...part('', this.orderBy),
      ...part('', this.limit),
    ];
  }
}

function conjunction(
  conditions: readonly (readonly Piece[])[],
  word: (text: string) => Piece,
): readonly Piece[] {
  return conditions.flatMap((condition, index) => [
    word(index === 0 ? '(' : ' AND ('),
    ...condition,
    word(')'),
  ]);
}
