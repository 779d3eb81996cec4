import type { SourceText } from './source-text.ts';

/** Where a SELECT and its clauses begin, as token indexes; missing clauses are absent. */
export interface Clauses {
  readonly SELECT: number;
  readonly FROM?: number;
  readonly WHERE?: number;
  readonly 'GROUP BY'?: number;
  readonly HAVING?: number;
  readonly QUALIFY?: number;
  readonly WINDOW?: number;
  readonly 'ORDER BY'?: number;
  readonly LIMIT?: number;
  /** One past its last token. */
  readonly end: number;
}

type Clause = Exclude<keyof Clauses, 'SELECT' | 'end'>;

const CLAUSE_BY_WORD: Readonly<Record<string, Clause>> = {
  FROM: 'FROM',
  WHERE: 'WHERE',
  GROUP: 'GROUP BY',
  HAVING: 'HAVING',
  QUALIFY: 'QUALIFY',
  WINDOW: 'WINDOW',
  ORDER: 'ORDER BY',
  LIMIT: 'LIMIT',
};

const SET_OPERATORS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

/**
 * The clauses of the innermost SELECT around a token; in a set operation, ORDER BY and LIMIT belong to the last SELECT.
 */
export function clausesAround(text: SourceText, token: number): Clauses | null {
  const select = selectBefore(text, token);
  return select === null ? null : clausesFrom(text, select);
}

function selectBefore(text: SourceText, token: number): number | null {
  let group = text.tokens[token]?.group;
  for (let index = token; index >= 0 && group !== undefined; index -= 1) {
    if (index === group) {
      group = text.tokens[index]?.group;
      continue;
    }
    const candidate = text.tokens[index];
    if (candidate?.group === group && candidate.word === 'SELECT') return index;
    if (candidate?.group === group && candidate.text === ';') return null;
  }
  return null;
}

/** The clauses from a token on, up to the end of its SELECT or its set operation. */
export function clausesFrom(text: SourceText, select: number): Clauses {
  const { tokens } = text;
  const group = tokens[select]?.group ?? -1;
  const closing = text.closing(group);
  const found: { -readonly [Name in Clause]?: number } = {};
  let end = select + 1;
  while (end < closing && !endsSelect(text, end, group)) {
    const clause = tokens[end]?.group === group ? clauseAt(text, end) : undefined;
    if (clause !== undefined) found[clause] ??= end;
    end += 1;
  }
  return { SELECT: select, ...found, end };
}

function endsSelect(text: SourceText, index: number, group: number): boolean {
  const token = text.tokens[index];
  if (token?.group !== group) return false;
  return token.text === ';' || isSetOperator(text, index);
}

function clauseAt({ tokens }: SourceText, index: number): Clause | undefined {
  const clause = CLAUSE_BY_WORD[tokens[index]?.word ?? ''];
  // `IS DISTINCT FROM` contains a FROM that starts no clause.
  return clause === 'FROM' && tokens[index - 1]?.word === 'DISTINCT' ? undefined : clause;
}

/** `EXCEPT (` excludes columns from a star; `EXCEPT DISTINCT` is a set operator. */
function isSetOperator(text: SourceText, index: number): boolean {
  const word = text.tokens[index]?.word ?? '';
  return SET_OPERATORS.has(word) && (word !== 'EXCEPT' || text.tokens[index + 1]?.text !== '(');
}

/** One past the last token of a clause: where the next one begins. */
export function endOf(clauses: Clauses, clause: Clause): number {
  const start = clauses[clause] ?? clauses.end;
  const others = Object.values(CLAUSE_BY_WORD).map((name) => clauses[name] ?? clauses.end);
  return Math.min(clauses.end, ...others.filter((other) => other > start));
}
