import { unusedName } from '../mending/unused-name.ts';
import { locateWords } from './located-words.ts';
import { joined, type Translation } from './pieces.ts';
import { StatementTranslator } from './statement-translator.ts';
import { Untranslatable } from './untranslatable.ts';

/** SQL in which each query has a SELECT and no pipes. */
export interface StandardQueries extends Translation {
  /** How many subqueries it has that the original does not have. */
  readonly addedSubqueries: number;
  /** The name that a star excludes if the columns that it passes on are narrowed later. */
  readonly passedOn: string;
  /** Whether it is a script, however few statements it has. */
  readonly isScript: boolean;
  /** What a script calls the rows of each FOR and the arguments of procedures, in lower case. */
  readonly variables: readonly string[];
  /** The leading keywords of a definition that stands here as another one; null if the first statement is none. */
  readonly keywords: string | null;
}

/**
 * Queries in pipe syntax, queries that begin with FROM, queries in brackets after WITH, and scripts with control flow, as
 * statements that the parsers know: for reading only, never to be sent. Tables, columns, filters and stars are those of the
 * original. Null if there is nothing to translate, or if some of it cannot be.
 * @param source SQL without comments
 * @param withDefinitions whether to put statements that define something in words that the parser knows, too
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/pipe-syntax
 */
export function standardQueries(
  source: string,
  { withDefinitions = false }: { readonly withDefinitions?: boolean } = {},
): StandardQueries | null {
  const mayDiffer = mayBePiped(source) || mayBeBracketed(source) || mayBeScript(source);
  if (!mayDiffer && !(withDefinitions && mayDefine(source))) return null;
  const located = locateWords(source);
  const prefix = located === null ? null : unusedName(source, (tried) => `_piped${tried}`);
  if (located === null || prefix === null) return null;
  const translator = new StatementTranslator(located, prefix, withDefinitions);
  try {
    const pieces = translator.statements();
    const { hasChanged, addedSubqueries, passedOn } = translator.queries;
    return hasChanged
      ? {
          ...joined(pieces),
          addedSubqueries,
          passedOn,
          isScript: translator.isScript,
          variables: translator.variables,
          keywords: translator.keywords,
        }
      : null;
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

/** A query in brackets after a WITH. */
function mayBeBracketed(source: string): boolean {
  return /\)\s*\(\s*(?:SELECT|WITH|FROM|\()/i.test(source) && /\bWITH\b/i.test(source);
}

/** A word that begins a part of a script, a procedure with a body, or an INSERT without INTO. */
function mayBeScript(source: string): boolean {
  return /(?:^|;|:)\s*(?:(?:IF|CASE|LOOP|WHILE|FOR|REPEAT|RAISE|ASSERT|RETURN)\b|BEGIN\b(?!\s*(?:TRANSACTION\b|;|$)))|\bPROCEDURE\b|\bINSERT\s+(?!INTO\b)/i.test(
    source,
  );
}

/** A word that begins a statement about tables, schemas or access. */
function mayDefine(source: string): boolean {
  return /\b(?:CREATE|ALTER|DROP|UNDROP|GRANT|REVOKE|LOAD)\b/i.test(source);
}
