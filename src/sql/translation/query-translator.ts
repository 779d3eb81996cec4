import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import { Chain, type ChainContext } from './chain.ts';
import { fromItemsIn } from './from-items.ts';
import { type LocatedWords, levelOf } from './located-words.ts';
import { OPERATORS } from './operators/operators.ts';
import { added, copied, type Piece } from './pieces.ts';
import { pipeOperators, refuseClauses, rowNamesOf } from './pipe-operators.ts';
import { Untranslatable } from './untranslatable.ts';

/** The words with which a query can begin. */
export const BEGINS_QUERY: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WITH', '(']);

/** Translates queries in pipe syntax, and those that begin with FROM, wherever they stand in a statement. */
export class QueryTranslator {
  /** Whether there was such a query. */
  hasChanged = false;
  /** How many subqueries were added. */
  addedSubqueries = 0;
  /** The name that a star excludes if the columns that it passes on are narrowed later. */
  readonly passedOn: string;
  readonly #located: LocatedWords;
  readonly #prefix: string;
  #steps = 0;

  /** @param prefix what no name in the SQL begins with */
  constructor(located: LocatedWords, prefix: string) {
    this.#located = located;
    this.#prefix = prefix;
    this.passedOn = `${prefix}_passed_on`;
  }

  /** Everything as it stands, apart from the queries in brackets in it. */
  copy(from: number, to: number): readonly Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    for (const at of levelOf(this.#located, from, to)) {
      const close = this.#located.closings.get(at);
      if (close === undefined || close >= to) continue;
      for (const piece of this.verbatim(start, at + 1)) pieces.push(piece);
      for (const piece of this.#brackets(at, close)) pieces.push(piece);
      start = close;
    }
    for (const piece of this.verbatim(start, to)) pieces.push(piece);
    return pieces;
  }

  /** A query in brackets sees the rows around it, unless it is a common table, which comes after AS. */
  #brackets(open: number, close: number): readonly Piece[] {
    const isQuery = this.text(open) === '(' && this.isToTranslate(open + 1, close);
    if (isQuery) return this.query(open + 1, close, this.text(open - 1) === 'AS');
    if (this.pipesIn(open + 1, close).length > 0) throw new Untranslatable();
    return this.copy(open + 1, close);
  }

  /** Whether it is a query that needs a translation itself, whatever is in its brackets. */
  isToTranslate(from: number, to: number): boolean {
    if (!BEGINS_QUERY.has(this.text(from)) || from >= to) return false;
    if (this.pipesIn(from, to).length > 0) return true;
    const start = this.#endOfWith(from, to);
    return this.text(start) === 'FROM' || (start > from && this.#losesCommonTables(start, to));
  }

  /** Whether polyglot drops the common tables before it: it is in brackets, with a WITH of its own in them, or ordered or cut. */
  #losesCommonTables(start: number, to: number): boolean {
    const close = this.text(start) === '(' ? this.#located.closings.get(start) : undefined;
    if (close === undefined) return false;
    if (close + 1 >= to) return this.text(start + 1) === 'WITH' || this.#losesCommonTables(start + 1, close);
    return ['ORDER', 'LIMIT'].includes(this.text(close + 1));
  }

  /** @param isFlat whether its steps can be common tables: nothing in it names rows around it */
  query(from: number, to: number, isFlat: boolean): readonly Piece[] {
    this.hasChanged = true;
    const pipes = this.pipesIn(from, to);
    const start = this.#endOfWith(from, to);
    if (pipes.length === 0 && this.text(start) === '(') return this.#bracketed(from, start, to);
    const end = pipes[0] ?? to;
    const isFrom = this.text(start) === 'FROM';
    if (isFrom) refuseClauses(this.#located, start + 1, end);
    const context = this.#context(isFlat, from < start && this.text(from + 1) === 'RECURSIVE');
    const chain = isFrom ? this.#chainFrom(start + 1, end, context) : this.#chainOver(start, end, context);
    const names = rowNamesOf(this.#located, isFrom ? start + 1 : start, end);
    for (const operator of pipeOperators(this.#located, pipes, to, names)) {
      const apply = OPERATORS.get(operator.kind);
      if (apply === undefined || operator.from > operator.to) throw new Untranslatable();
      apply(chain, operator);
    }
    return this.#withCommonTables(chain, from, start);
  }

  /** A query in brackets after its common tables, as a subquery. */
  #bracketed(from: number, start: number, to: number): readonly Piece[] {
    this.addedSubqueries += 1;
    return [...this.copy(from, start), added('SELECT * FROM ', this.placeOf(start)), ...this.copy(start, to)];
  }

  #withCommonTables(chain: Chain, from: number, start: number): readonly Piece[] {
    const at = this.placeOf(start);
    const [first, ...others] = chain.common;
    const separator = from === start ? 'WITH ' : ', ';
    const common = first === undefined ? [] : [added(separator, at), ...first];
    return [
      ...this.copy(from, start),
      ...common,
      ...others.flatMap((table) => [added(', ', at), ...table]),
      added(' ', at),
      ...chain.draft.pieces([added('*', at)]),
      added(' ', at),
    ];
  }

  #chainFrom(from: number, to: number, context: ChainContext): Chain {
    const items = fromItemsIn(this.#located, from, to);
    const [only, ...others] = items;
    if (only === undefined) throw new Untranslatable();
    const isJoined = others.length > 0;
    const source = {
      from: this.copy(from, to),
      name: isJoined ? null : only.name,
      hasAlias: only.hasAlias,
      isPlainTable: only.isPlainTable,
      isJoined,
    };
    return new Chain(context, source, this.placeOf(from - 1));
  }

  /** A query in standard syntax, to the end of which pipes are added. In brackets, it may have an alias. */
  #chainOver(from: number, to: number, context: ChainContext): Chain {
    const at = this.placeOf(from);
    const close = this.#located.closings.get(from) ?? from;
    const isSetOperation = ['UNION', 'INTERSECT', 'EXCEPT'].some((word) =>
      [...levelOf(this.#located, from, to)].some((index) => this.text(index) === word),
    );
    const [item] = fromItemsIn(this.#located, from, to);
    const isInBrackets = this.text(from) === '(' && !isSetOperation && close >= to - 3;
    if (!isInBrackets) this.addedSubqueries += 1;
    const copy = this.copy(from, to);
    const source = {
      from: isInBrackets ? copy : [added('(', at), ...copy, added(')', at)],
      name: isInBrackets ? (item?.name ?? null) : null,
      hasAlias: isInBrackets && item?.hasAlias === true,
      isPlainTable: false,
      isJoined: false,
    };
    return new Chain(context, source, at);
  }

  #context(isFlat: boolean, isRecursive: boolean): ChainContext {
    return {
      located: this.#located,
      copy: (from, to) => this.copy(from, to),
      newName: () => {
        this.#steps += 1;
        return `${this.#prefix}_${this.#steps}`;
      },
      passedOn: this.passedOn,
      isFlat,
      isRecursive,
      onSubquery: () => {
        this.addedSubqueries += 1;
      },
    };
  }

  /** One past the common tables at the beginning of a query; its first word if it has none. */
  #endOfWith(from: number, to: number): number {
    if (this.text(from) !== 'WITH') return from;
    for (const at of levelOf(this.#located, from, to)) {
      const close = this.#located.closings.get(at);
      if (close === undefined || this.text(at - 1) !== 'AS') continue;
      if (this.text(close + 1) !== ',') return close + 1;
    }
    throw new Untranslatable();
  }

  /** The indexes of the pipes outside brackets. */
  pipesIn(from: number, to: number): readonly number[] {
    return [...levelOf(this.#located, from, to)].filter((at) => this.text(at) === '|>');
  }

  /** Words as they stand. */
  verbatim(from: number, to: number): readonly Piece[] {
    const { source, words } = this.#located;
    if (from >= to) return [];
    const start = words[from]?.start ?? source.length;
    return [copied(source, start, words[to]?.start ?? source.length)];
  }

  /** A word; empty beyond the last one. */
  text(at: number): string {
    return this.#located.words[at]?.text ?? '';
  }

  /** Where a word stands in the SQL. */
  placeOf(at: number): TextSpan {
    const { start = 0, end = 0 } = this.#located.words[at] ?? {};
    return { start, end };
  }
}
