import {
  type Expression,
  isParts,
  type Parts,
  partsIn,
  queryIn,
  type TableBody,
} from '../syntax/syntax-parts.ts';
import {
  barred,
  type Column,
  distinct,
  found,
  type Mention,
  type Origin,
  originsOf,
  type Rows,
  type Sight,
} from './column-rows.ts';
import type { CommonTable } from './common-table-reads.ts';
import { shared } from './filter-reach.ts';
import { isolatedColumn } from './isolated-column.ts';

/** What a query finds around it. */
export interface Scope {
  readonly mentionOf: MentionOf;
  /** Common tables by name, in lower case. */
  readonly common: ReadonlyMap<string, CommonTable>;
  /** All common tables that have been followed, each behind those that it reads. */
  readonly followed: CommonTable[];
  readonly sight: Sight;
  /** Follows a query that stands in an expression. */
  readonly rowsOf: (query: Parts, scope: Scope) => Rows;
}

interface Used {
  readonly own: Origin[];
  readonly nested: Origin[];
}

/** The record of a mention of a table; null for what is no table: an array of a row. */
export type MentionOf = (table: TableBody) => Mention | null;

/** What a SELECT makes of columns. A filter on it filters their table where it is one of them, or cast to another time. */
export function columnIn(expression: Parts, scope: Scope): Column {
  const { own, nested } = usedIn(expression, scope);
  const origins = distinct([...originsOfIsolated(expression, scope), ...barred([...own, ...nested])]);
  return { name: columnNameOf(expression), origins };
}

/** What GROUP BY names by place, by the name that the SELECT gives, or as a column of FROM. */
export function groupedBy(clause: Parts, rows: Rows, scope: Scope): readonly Origin[] {
  if (clause['all'] === true) return shared([originsOf(rows)]);
  return partsIn(clause['expressions']).flatMap((expression) => {
    const place = isParts(expression['literal']) ? Number(expression['literal']['value']) : 0;
    if (place > 0) return rows.columns[place - 1]?.origins ?? [];
    const { name, origins } = columnIn(expression, scope);
    const given = rows.columns.filter((column) => name !== '' && column.name === name);
    return given.length > 0 ? given.flatMap((column) => column.origins) : origins;
  });
}

/** The columns that an expression itself uses, and those that subqueries in it give. */
export function usedIn(expression: unknown, scope: Scope, used: Used = { own: [], nested: [] }): Used {
  if (Array.isArray(expression)) for (const item of expression) usedIn(item, scope, used);
  if (!isParts(expression)) return used;
  if (isParts(expression['column'])) used.own.push(...originsOfColumn(expression['column'], scope));
  else if (queryIn(expression) !== null) used.nested.push(...originsOf(scope.rowsOf(expression, scope)));
  else usedIn(Object.values(expression), scope, used);
  return used;
}

/** Of an expression that is a column, or one that is cast to another time; nothing of any other. */
export function originsOfIsolated(expression: Parts, scope: Scope): readonly Origin[] {
  const { alias } = expression;
  const column = isolatedColumn((isParts(alias) ? alias['this'] : expression) as Expression);
  return column === null ? [] : originsOfColumn(column, scope);
}

export function originsOfColumn({ name, table }: Parts, { sight }: Scope): readonly Origin[] {
  if (!isParts(name) || String(name['name']).startsWith('@')) return [];
  const qualifier = isParts(table) ? String(table['name']).toLowerCase() : null;
  return found(sight, qualifier, String(name['name']).toLowerCase());
}

/** The name that a SELECT gives to an expression, in lower case; empty where it gives none. */
function columnNameOf(expression: unknown): string {
  if (!isParts(expression)) return '';
  const { alias, column, dot } = expression;
  const named = isParts(alias)
    ? alias['alias']
    : isParts(column)
      ? column['name']
      : isParts(dot)
        ? dot['field']
        : null;
  return isParts(named) ? String(named['name']).toLowerCase() : '';
}
