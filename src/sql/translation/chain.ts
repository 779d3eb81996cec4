import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import { DraftSelect, type DraftSource } from './draft-select.ts';
import type { WordRange } from './lists.ts';
import type { LocatedWords } from './located-words.ts';
import { added, type Piece } from './pieces.ts';
import type { PipeOperator } from './pipe-operators.ts';
import { Untranslatable } from './untranslatable.ts';

/** What a pipe query is translated with. */
export interface ChainContext {
  readonly located: LocatedWords;
  /** The words from one index up to another, with the queries inside them translated. */
  readonly copy: (from: number, to: number) => readonly Piece[];
  /** A name that the SQL does not use, another one each time. */
  readonly newName: () => string;
  /** A name that the SQL does not use: a star without it is one whose columns are narrowed later. */
  readonly passedOn: string;
  /** Whether steps become common tables, of which there may be many; if not, each is a subquery of the next. */
  readonly isFlat: boolean;
  /** Whether common tables see those that come after them. */
  readonly isRecursive: boolean;
  /** To be told of each subquery that the original does not have. */
  readonly onSubquery: () => void;
}

/** Far more steps than anybody writes in a subquery, and few enough for the parser. */
const MOST_NESTED = 12;

/** The SELECTs that a pipe query becomes, the last of which is still a draft. */
export class Chain {
  draft: DraftSelect;
  /** Common tables that the draft needs, each as `name AS (…)`. */
  readonly common: (readonly Piece[])[] = [];
  readonly #context: ChainContext;
  #nested = 0;
  #hasNarrowed = false;

  constructor(context: ChainContext, source: DraftSource, at: TextSpan) {
    this.#context = context;
    this.draft = new DraftSelect(source, at);
  }

  get located(): LocatedWords {
    return this.#context.located;
  }

  get isFlat(): boolean {
    return this.#context.isFlat;
  }

  get isRecursive(): boolean {
    return this.#context.isRecursive;
  }

  text(at: number): string {
    return this.located.words[at]?.text ?? '';
  }

  copy({ from, to }: WordRange): readonly Piece[] {
    return this.#context.copy(from, to);
  }

  /** A word that the original does not have, for an operator that it has. */
  word(text: string, { first }: PipeOperator): Piece {
    return added(text, this.#placeOf(first));
  }

  /** All columns of the draft, without those of some names. */
  star(
    isNarrowedLater: boolean,
    operator: PipeOperator,
    excluded: readonly (readonly Piece[])[] = [],
  ): readonly Piece[] {
    const word = (text: string) => this.word(text, operator);
    if (isNarrowedLater) this.#hasNarrowed = true;
    const names = [...(isNarrowedLater ? [[word(this.#context.passedOn)]] : []), ...excluded];
    if (names.length === 0) return [word('*')];
    return [
      word('* EXCEPT ('),
      ...names.flatMap((name, at) => [...(at === 0 ? [] : [word(', ')]), ...name]),
      word(')'),
    ];
  }

  /**
   * For joined rows that lose their names, by which operators name columns from a word on, a column of each such name: `t.day`
   * must not become a field of a column of the table.
   * @throws Untranslatable if these may be columns that a star no longer has
   */
  lostNames(operator: PipeOperator, from: number): readonly Piece[] {
    const names = operator.rowsNamedFrom(from);
    if (this.#hasNarrowed && names.length > 0) throw new Untranslatable();
    return names
      .filter((name) => operator.rows.has(name))
      .map((name) => this.word(`, NULL AS \`${name}\``, operator));
  }

  /** The draft as it stands, for an operator that reads it. */
  finished(operator: PipeOperator): readonly Piece[] {
    const { isJoined, list } = this.draft;
    if (!isJoined || list !== null) return this.draft.pieces(this.star(operator.isNarrowedBefore, operator));
    return this.draft.pieces([...this.star(false, operator), ...this.lostNames(operator, operator.first)]);
  }

  /** Begins another draft, which reads the one before it under the same name, if it has one. */
  nest(operator: PipeOperator): void {
    const { name, isJoined, list, orderBy, orderedBy, limit } = this.draft;
    // A list may not pass on what the rows are ordered by.
    const keepsOrder = KEEPS_ORDER.has(operator.kind) && limit.length === 0 && list === null;
    if (keepsOrder) this.draft.orderBy = [];
    this.#readDraft(operator, isJoined ? null : name, this.isFlat);
    if (!keepsOrder) return;
    this.draft.orderBy = orderBy;
    this.draft.orderedBy = orderedBy;
  }

  /** The same, for new columns whose names the conditions and the order of the draft have for others. */
  nestInOrder(operator: PipeOperator): void {
    this.#readDraft(operator, this.draft.isJoined ? null : this.draft.name, this.isFlat);
  }

  /** The same, through a common table. */
  nestAsCommon(operator: PipeOperator): void {
    this.#readDraft(operator, this.draft.isJoined ? null : this.draft.name, true);
  }

  /** Begins another draft, which reads something else. */
  readFrom(from: readonly Piece[], name: string | null, operator: PipeOperator): void {
    const source = { from, name, hasAlias: name !== null, isJoined: false, isPlainTable: false };
    this.draft = new DraftSelect(source, this.#placeOf(operator.first));
  }

  /** Counts a subquery that the original does not have, in which the draft is from now on. */
  addSubquery(): void {
    this.#nested += 1;
    if (this.#nested > MOST_NESTED) throw new Untranslatable();
    this.#context.onSubquery();
  }

  /** Makes the draft a step of its own, so that what reads it nests no deeper; only where steps are common tables. */
  flatten(operator: PipeOperator): void {
    if (!this.isFlat) return;
    this.nest(operator);
    this.#nested = 0;
  }

  #readDraft(operator: PipeOperator, name: string | null, isCommon: boolean): void {
    const word = (text: string) => this.word(text, operator);
    const query = this.finished(operator);
    const alias = name === null ? [] : [word(` AS \`${name}\``)];
    if (isCommon) {
      const step = this.#context.newName();
      this.common.push([word(`${step} AS (`), ...query, word(')')]);
      this.readFrom([word(step), ...alias], name, operator);
    } else {
      this.addSubquery();
      this.readFrom([word('('), ...query, word(')'), ...alias], name, operator);
    }
  }

  #placeOf(at: number): TextSpan {
    const { start = 0, end = 0 } = this.located.words[at] ?? {};
    return { start, end };
  }
}

/** Operators that give their rows in the order in which they get them. */
const KEEPS_ORDER: ReadonlySet<string> = new Set([
  'SELECT',
  'EXTEND',
  'SET',
  'DROP',
  'RENAME',
  'AS',
  'LIMIT',
  'WITH',
]);
