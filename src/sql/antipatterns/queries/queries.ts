import type { TableReference } from '../../../vocabulary/table.ts';
import type { Qualifiable } from '../../syntax/qualified-rows.ts';
import type { Expression, SelectBody, TableBody } from '../../syntax/syntax-parts.ts';
import type { Identifier, Join } from './tree.ts';

/**
 * What a query's rows are for: they are the statement's result; written to a table or exported; the content of a view;
 * read in a FROM or as a common table; compared with by IN; checked for existence; made into an array; or a single
 * value.
 */
export type Role =
  | 'result'
  | 'written'
  | 'exported'
  | 'view'
  | 'from'
  | 'common'
  | 'in'
  | 'exists'
  | 'array'
  | 'value';

/** One SELECT, and what it reads. */
export interface Select {
  readonly body: SelectBody;
  /** All parts of it except its FROM and its WITH. */
  readonly clauses: readonly unknown[];
  readonly role: Role;
  readonly sources: readonly Source[];
  /** True if a LIMIT, INTERSECT or EXCEPT around it comes before any filter on its rows. */
  readonly blocksFilters: boolean;
  /** The places where its rows are read. */
  readonly readers: Reader[];
}

/** A place in a FROM or JOIN where the rows of SELECTs are read. */
export interface Reader {
  readonly select: Select;
  readonly source: Source;
}

/** An item in a FROM, or after a JOIN or comma. */
export type Source = TableSource | CommonTableSource | QuerySource | OtherSource;

/** What columns may be qualified by is its name, or its path. */
interface AnySource extends Qualifiable {
  /** How it is joined to what comes before it; null for the first, and after a comma. */
  readonly join: Join | null;
}

export interface TableSource extends AnySource {
  readonly kind: 'table';
  readonly reference: TableReference;
  readonly node: TableBody;
}

interface CommonTableSource extends AnySource {
  readonly kind: 'common';
  readonly table: CommonTable;
  readonly node: TableBody;
}

interface QuerySource extends AnySource {
  readonly kind: 'query';
  readonly query: Query;
}

/** UNNEST, an array of a row, a table function, or something that the parser represents in a way unknown here. */
interface OtherSource extends AnySource {
  readonly kind: 'other';
}

/** A SELECT, or several in a set operation. */
export interface Query {
  readonly selects: readonly Select[];
}

export interface CommonTable {
  readonly name: Identifier;
  /** Set when it has been read: with RECURSIVE, it is named before. */
  query: Query;
  readonly recursive: boolean;
  /** How many FROM clauses and joins name it. */
  references: number;
}

/** An ORDER BY of a whole query. */
export interface Ordering {
  readonly role: Role;
  readonly limited: boolean;
  /** The SELECTs whose rows it sorts. The last is the one that it is written after. */
  readonly selects: readonly Select[];
}

/** Every query in the statements. */
export interface Queries {
  readonly statements: readonly Expression[];
  readonly selects: readonly Select[];
  readonly commonTables: readonly CommonTable[];
  readonly orderings: readonly Ordering[];
}
