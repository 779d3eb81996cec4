import type { TextSpan } from '../../vocabulary/antipattern.ts';
import { Chain, type ChainContext } from './chain.ts';
import { fromItemsIn } from './from-items.ts';
import { type LocatedWords, levelOf, locateWords } from './located-words.ts';
import { OPERATORS } from './operators/operators.ts';
import { added, copied, joined, type Piece, type Translation } from './pieces.ts';
import { pipeOperators, refuseClauses, rowNamesOf } from './pipe-operators.ts';
import { type Control, controlAt, endOfStatement } from './script-control.ts';
import { Untranslatable } from './untranslatable.ts';

/** SQL in which each query has a SELECT and no pipes. */
export interface StandardQueries extends Translation {
  /** How many subqueries it has that the original does not have. */
  readonly addedSubqueries: number;
  /** The name that a star excludes if the columns that it passes on are narrowed later. */
  readonly passedOn: string;
  /** Whether it is a script, however few statements it has. */
  readonly isScript: boolean;
}

/**
 * Queries in pipe syntax, queries that begin with FROM, and scripts with control flow, as statements that the parsers know:
 * for reading only, never to be sent. Tables, columns, filters and stars are those of the original. Null if there is nothing to translate, or if some of
 * it cannot be.
 * @param source SQL without comments
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/pipe-syntax
 */
export function standardQueries(source: string): StandardQueries | null {
  if (!mayBePiped(source) && !mayBeScript(source)) return null;
  const located = locateWords(source);
  const prefix = located === null ? null : unusedName(source);
  if (located === null || prefix === null) return null;
  const translator = new Translator(located, prefix);
  try {
    const pieces = translator.statements();
    if (!translator.hasChanged) return null;
    const { addedSubqueries, passedOn, isScript } = translator;
    return { ...joined(pieces), addedSubqueries, passedOn, isScript };
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/** A pipe, or a FROM where a query may begin. */
function mayBePiped(source: string): boolean {
  if (source.includes('|>') || /(?:^|[(;]|\bAS)\s*FROM\b/i.test(source)) return true;
  return /\)\s*FROM\b/i.test(source) && /\b(?:WITH|INSERT)\b/i.test(source);
}

/** A word that begins a part of a script, or an INSERT without INTO. */
function mayBeScript(source: string): boolean {
  return /(?:^|;|:)\s*(?:(?:IF|CASE|LOOP|WHILE|FOR|REPEAT|RAISE|RETURN)\b|BEGIN\b(?!\s*(?:TRANSACTION\b|;|$)))|\bINSERT\s+(?!INTO\b)/i.test(
    source,
  );
}

/** As many are tried; hardly any SQL has names like these. */
const MOST_TRIED = 20;

function unusedName(source: string): string | null {
  const lower = source.toLowerCase();
  for (let tried = 0; tried < MOST_TRIED; tried += 1) {
    const name = `_piped${tried}`;
    if (!lower.includes(name)) return name;
  }
  return null;
}

class Translator {
  hasChanged = false;
  isScript = false;
  addedSubqueries = 0;
  readonly passedOn: string;
  readonly #located: LocatedWords;
  readonly #prefix: string;
  #steps = 0;

  constructor(located: LocatedWords, prefix: string) {
    this.#located = located;
    this.#prefix = prefix;
    this.passedOn = `${prefix}_passed_on`;
  }

  /** What a script evaluates to find out which statements run becomes a statement too: all of them count. */
  statements(): readonly Piece[] {
    const pieces: Piece[] = [];
    const { words } = this.#located;
    let end = -1;
    for (let at = 0; at < words.length; ) {
      if (at > end) end = endOfStatement(this.#located, at);
      const control = controlAt(this.#located, at, end);
      const parts =
        control === null
          ? [...this.#statement(at, end), ...this.#verbatim(end, Math.min(end + 1, words.length))]
          : this.#evaluation(control, at);
      for (const piece of parts) pieces.push(piece);
      at = control?.next ?? end + 1;
    }
    return pieces;
  }

  #evaluation({ evaluated, isQuery }: Control, at: number): readonly Piece[] {
    this.hasChanged = true;
    this.isScript = true;
    if (evaluated === null) return [];
    const place = this.#placeOf(at);
    const content = this.#copy(evaluated.from, evaluated.to);
    return [...(isQuery ? [] : [added('SELECT ', place)]), ...content, added('; ', place)];
  }

  #statement(from: number, to: number): readonly Piece[] {
    if (this.#text(from) === 'INSERT' && this.#text(from + 1) !== 'INTO') return this.#insert(from, to);
    const query = this.#queryStart(from, to);
    const isPiped = this.#pipesIn(from, to).length > 0;
    if (query === null && isPiped) throw new Untranslatable();
    if (query === null || !this.#isToTranslate(query, to)) return this.#copy(from, to);
    return [...this.#copy(from, query), ...this.#query(query, to, true)];
  }

  /** The parsers know no INSERT without INTO. */
  #insert(from: number, to: number): readonly Piece[] {
    this.hasChanged = true;
    const query = this.#queryStart(from, to);
    const isTranslated = query !== null && this.#isToTranslate(query, to);
    const end = isTranslated ? query : to;
    return [
      ...this.#verbatim(from, from + 1),
      added(' INTO ', this.#placeOf(from)),
      ...this.#copy(from + 1, end),
      ...(isTranslated ? this.#query(query, to, true) : []),
    ];
  }

  /** Where the query of a statement begins: the statement itself, or after what it is to fill or create. */
  #queryStart(from: number, to: number): number | null {
    const kind = this.#text(from);
    if (BEGINS_QUERY.has(kind)) return from;
    const level = [...levelOf(this.#located, from, to)];
    if (kind === 'INSERT') {
      const brackets = level.filter((at) => this.#text(at) === '(');
      return (
        level.find((at) => this.#text(at) !== '(' && BEGINS_QUERY.has(this.#text(at))) ??
        brackets.at(-1) ??
        null
      );
    }
    if (kind !== 'CREATE' && kind !== 'EXPORT') return null;
    const as = level.find((at) => this.#text(at) === 'AS' && BEGINS_QUERY.has(this.#text(at + 1)));
    return as === undefined ? null : as + 1;
  }

  /** Everything as it stands, apart from the queries in brackets in it. */
  #copy(from: number, to: number): readonly Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    for (const at of levelOf(this.#located, from, to)) {
      const close = this.#located.closings.get(at);
      if (close === undefined || close >= to) continue;
      for (const piece of this.#verbatim(start, at + 1)) pieces.push(piece);
      for (const piece of this.#brackets(at, close)) pieces.push(piece);
      start = close;
    }
    for (const piece of this.#verbatim(start, to)) pieces.push(piece);
    return pieces;
  }

  /** A query in brackets sees the rows around it, unless it is a common table, which comes after AS. */
  #brackets(open: number, close: number): readonly Piece[] {
    const isQuery = this.#text(open) === '(' && this.#isToTranslate(open + 1, close);
    if (isQuery) return this.#query(open + 1, close, this.#text(open - 1) === 'AS');
    if (this.#pipesIn(open + 1, close).length > 0) throw new Untranslatable();
    return this.#copy(open + 1, close);
  }

  #isToTranslate(from: number, to: number): boolean {
    if (!BEGINS_QUERY.has(this.#text(from)) || from >= to) return false;
    return this.#pipesIn(from, to).length > 0 || this.#text(this.#endOfWith(from, to)) === 'FROM';
  }

  #query(from: number, to: number, isFlat: boolean): readonly Piece[] {
    this.hasChanged = true;
    const pipes = this.#pipesIn(from, to);
    const start = this.#endOfWith(from, to);
    const end = pipes[0] ?? to;
    const isFrom = this.#text(start) === 'FROM';
    if (isFrom) refuseClauses(this.#located, start + 1, end);
    const context = this.#context(isFlat, from < start && this.#text(from + 1) === 'RECURSIVE');
    const chain = isFrom ? this.#chainFrom(start + 1, end, context) : this.#chainOver(start, end, context);
    const names = rowNamesOf(this.#located, isFrom ? start + 1 : start, end);
    for (const operator of pipeOperators(this.#located, pipes, to, names)) {
      const apply = OPERATORS.get(operator.kind);
      if (apply === undefined || operator.from > operator.to) throw new Untranslatable();
      apply(chain, operator);
    }
    return this.#withCommonTables(chain, from, start);
  }

  #withCommonTables(chain: Chain, from: number, start: number): readonly Piece[] {
    const at = this.#placeOf(start);
    const [first, ...others] = chain.common;
    const separator = from === start ? 'WITH ' : ', ';
    const common = first === undefined ? [] : [added(separator, at), ...first];
    return [
      ...this.#copy(from, start),
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
      from: this.#copy(from, to),
      name: isJoined ? null : only.name,
      hasAlias: only.hasAlias,
      isPlainTable: only.isPlainTable,
      isJoined,
    };
    return new Chain(context, source, this.#placeOf(from - 1));
  }

  /** A query in standard syntax, to the end of which pipes are added. In brackets, it may have an alias. */
  #chainOver(from: number, to: number, context: ChainContext): Chain {
    const at = this.#placeOf(from);
    const close = this.#located.closings.get(from) ?? from;
    const isSetOperation = ['UNION', 'INTERSECT', 'EXCEPT'].some((word) =>
      [...levelOf(this.#located, from, to)].some((index) => this.#text(index) === word),
    );
    const [item] = fromItemsIn(this.#located, from, to);
    const isInBrackets = this.#text(from) === '(' && !isSetOperation && close >= to - 3;
    if (!isInBrackets) this.addedSubqueries += 1;
    const copy = this.#copy(from, to);
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
      copy: (from, to) => this.#copy(from, to),
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
    if (this.#text(from) !== 'WITH') return from;
    for (const at of levelOf(this.#located, from, to)) {
      const close = this.#located.closings.get(at);
      if (close === undefined || this.#text(at - 1) !== 'AS') continue;
      if (this.#text(close + 1) !== ',') return close + 1;
    }
    throw new Untranslatable();
  }

  #pipesIn(from: number, to: number): readonly number[] {
    return [...levelOf(this.#located, from, to)].filter((at) => this.#text(at) === '|>');
  }

  #verbatim(from: number, to: number): readonly Piece[] {
    const { source, words } = this.#located;
    if (from >= to) return [];
    const start = words[from]?.start ?? source.length;
    return [copied(source, start, words[to]?.start ?? source.length)];
  }

  #text(at: number): string {
    return this.#located.words[at]?.text ?? '';
  }

  #placeOf(at: number): TextSpan {
    const { start = 0, end = 0 } = this.#located.words[at] ?? {};
    return { start, end };
  }
}

const BEGINS_QUERY: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WITH', '(']);
