import { type DefinitionStatement, definitionStatement } from './definition-statements.ts';
import { type LocatedWords, levelOf } from './located-words.ts';
import { added, type Piece } from './pieces.ts';
import { BEGINS_QUERY, QueryTranslator } from './query-translator.ts';
import { type Control, controlAt, endOfStatement } from './script-control.ts';
import { Untranslatable } from './untranslatable.ts';

/** Translates the statements of a script, and what decides which of them run. */
export class StatementTranslator {
  /** Whether there is something that decides which statements run. */
  isScript = false;
  /** The leading keywords of the first statement, if it is a definition that was translated. */
  keywords: string | null = null;
  /** What the script calls the rows of each FOR and the arguments of procedures, in lower case. */
  readonly variables: string[] = [];
  readonly queries: QueryTranslator;
  readonly #located: LocatedWords;
  readonly #withDefinitions: boolean;

  constructor(located: LocatedWords, prefix: string, withDefinitions: boolean) {
    this.#located = located;
    this.#withDefinitions = withDefinitions;
    this.queries = new QueryTranslator(located, prefix);
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
          ? [...this.#statement(at, end), ...this.queries.verbatim(end, Math.min(end + 1, words.length))]
          : this.#evaluation(control, at);
      for (const piece of parts) pieces.push(piece);
      at = control?.next ?? end + 1;
    }
    return pieces;
  }

  #evaluation({ evaluated, isQuery, variables }: Control, at: number): readonly Piece[] {
    this.queries.hasChanged = true;
    this.isScript = true;
    this.variables.push(...variables);
    if (evaluated === null) return [];
    const place = this.queries.placeOf(at);
    const content = this.queries.copy(evaluated.from, evaluated.to);
    return [...(isQuery ? [] : [added('SELECT ', place)]), ...content, added('; ', place)];
  }

  #statement(from: number, to: number): readonly Piece[] {
    const definition = this.#withDefinitions ? definitionStatement(this.#located, from, to) : null;
    if (definition !== null) return this.#definition(definition, from);
    if (this.queries.text(from) === 'INSERT' && this.queries.text(from + 1) !== 'INTO')
      return this.#insert(from, to);
    const query = this.#queryStart(from, to);
    const isPiped = this.queries.pipesIn(from, to).length > 0;
    if (query === null && isPiped) throw new Untranslatable();
    if (query === null || !this.queries.isToTranslate(query, to)) return this.queries.copy(from, to);
    return [...this.queries.copy(from, query), ...this.queries.query(query, to, true)];
  }

  #definition({ keywords, before, path, after, rest }: DefinitionStatement, from: number): readonly Piece[] {
    this.queries.hasChanged = true;
    if (from === 0) this.keywords = keywords;
    const place = this.queries.placeOf(from);
    return [
      added(before, place),
      ...this.queries.verbatim(path.from, path.to),
      added(after, place),
      ...(rest === null ? [] : this.#statement(rest.from, rest.to)),
    ];
  }

  /** The parsers know no INSERT without INTO. */
  #insert(from: number, to: number): readonly Piece[] {
    this.queries.hasChanged = true;
    const query = this.#queryStart(from, to);
    const isTranslated = query !== null && this.queries.isToTranslate(query, to);
    const end = isTranslated ? query : to;
    return [
      ...this.queries.verbatim(from, from + 1),
      added(' INTO ', this.queries.placeOf(from)),
      ...this.queries.copy(from + 1, end),
      ...(isTranslated ? this.queries.query(query, to, true) : []),
    ];
  }

  /** Where the query of a statement begins: the statement itself, or after what it is to fill or create. */
  #queryStart(from: number, to: number): number | null {
    const kind = this.queries.text(from);
    if (BEGINS_QUERY.has(kind)) return from;
    const level = [...levelOf(this.#located, from, to)];
    if (kind === 'INSERT') {
      const brackets = level.filter((at) => this.queries.text(at) === '(');
      return (
        level.find((at) => this.queries.text(at) !== '(' && BEGINS_QUERY.has(this.queries.text(at))) ??
        brackets.at(-1) ??
        null
      );
    }
    if (kind !== 'CREATE' && kind !== 'EXPORT') return null;
    const as = level.find(
      (at) => this.queries.text(at) === 'AS' && BEGINS_QUERY.has(this.queries.text(at + 1)),
    );
    return as === undefined ? null : as + 1;
  }
}
