import type { TableReference } from '../../vocabulary/table.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { SourceToken } from '../source/source-text.ts';
import { tableReference } from '../table-names.ts';
import type { DetectorContext, Finding } from './detector.ts';

/** A table that a script creates or drops, in text order. */
export interface TableStatement {
  readonly kind: 'create' | 'create-temporary' | 'drop';
  readonly reference: TableReference;
  /** From CREATE or DROP to the end of the name, as token indexes. */
  readonly first: number;
  readonly last: number;
  /** True if the statement leaves an existing table as it is. */
  readonly ifNotExists: boolean;
}

const OPTIONAL = new Set(['OR', 'REPLACE', 'TEMP', 'TEMPORARY', 'IF', 'NOT', 'EXISTS']);

/**
 * Tables that the statements create or drop, read from the tokens: between BEGIN and END the syntax tree holds only
 * plain text. Snapshots, external tables, views and functions do not count.
 */
export function tableStatements({ text, defaults }: DetectorContext): readonly TableStatement[] {
  return text.tokens.flatMap(({ word }, first) => {
    if (word !== 'CREATE' && word !== 'DROP') return [];
    const table = optionsFrom(text.tokens, first + 1);
    if (wordAt(text.tokens, table.next) !== 'TABLE') return [];
    const name = optionsFrom(text.tokens, table.next + 1);
    const created = table.options.some((option) => option.startsWith('TEMP')) ? 'create-temporary' : 'create';
    const kind = word === 'DROP' ? 'drop' : created;
    const last = lastOfName(text.tokens, name.next);
    const nameTokens = text.tokens.slice(name.next, last + 1).map((part) => part.text.replaceAll('`', ''));
    const reference = tableReference([nameTokens.join('')], defaults);
    return [
      { kind, reference, first, last, ifNotExists: kind !== 'drop' && name.options.includes('EXISTS') },
    ];
  });
}

/** Words such as OR REPLACE and IF NOT EXISTS from here on, and where they end. */
function optionsFrom(tokens: readonly SourceToken[], first: number): { options: string[]; next: number } {
  const options: string[] = [];
  while (OPTIONAL.has(wordAt(tokens, first + options.length))) {
    options.push(wordAt(tokens, first + options.length));
  }
  return { options, next: first + options.length };
}

/** Whether both are about the same table; upper and lower case differ, as in BigQuery. */
export function isSameTable(a: TableStatement, b: TableStatement): boolean {
  return tableName(a.reference) === tableName(b.reference);
}

export function tableFinding(
  { text }: DetectorContext,
  { first, last, reference, kind }: TableStatement,
): Finding {
  const table = kind === 'create-temporary' ? null : tableName(reference);
  return { span: text.span(first, last), table, column: null, onlyIf: null };
}

function wordAt(tokens: readonly SourceToken[], index: number): string {
  return tokens[index]?.word ?? '';
}

/** The parts of a name are adjacent: words, quoted names, dots, and the hyphens in project names. */
function lastOfName(tokens: readonly SourceToken[], first: number): number {
  let last = first;
  while (tokens[last + 1]?.start === tokens[last]?.end && /^[^();,]/.test(tokens[last + 1]?.text ?? '('))
    last += 1;
  return last;
}
