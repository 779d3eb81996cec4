import { pathOf } from '../../syntax/qualified-rows.ts';
import {
  bareNameOf,
  type Expression,
  firstNameOf,
  type SelectBody,
  type TableBody,
} from '../../syntax/syntax-parts.ts';
import { type NameDefaults, tableReference } from '../../table-names.ts';
import type { CommonTable, Query, Source } from './queries.ts';
import type { Identifier, Join } from './tree.ts';

/** What names may stand for at a SELECT. */
export interface Scope {
  /** By name, in lower case. */
  readonly commonTables: ReadonlyMap<string, CommonTable>;
  /**
   * The names of the sources of the SELECTs around it: a table name that begins with one of them is an array in its
   * rows.
   */
  readonly outerNames: ReadonlySet<string>;
}

export interface Names {
  readonly defaults: NameDefaults;
  readonly scope: Scope;
}

/** How to read the queries inside sources. */
export interface InnerQueries {
  query(node: Expression): Query;
  queriesIn(part: unknown, sourceNames: ReadonlySet<string>): void;
}

/** What a SELECT reads: its FROM, and what is joined to it. */
export function readSources(body: SelectBody, names: Names, inner: InnerQueries): readonly Source[] {
  const seen = new Set(names.scope.outerNames);
  const sources: Source[] = [];
  const add = (node: Expression, join: Join | null) => {
    if ('joined_table' in node) {
      add(node.joined_table.left, join);
      for (const joined of node.joined_table.joins) add(joined.this, joined);
      return;
    }
    const source = sourceOf(node, { join, seen, names, inner });
    if (source.name !== null) seen.add(source.name);
    sources.push(source);
  };
  for (const node of body.from?.expressions ?? []) add(node, null);
  for (const join of body.joins) add(join.this, join);
  return sources;
}

/** Where a source stands. */
interface Place {
  readonly join: Join | null;
  /** The names of the sources before it, and of those around its SELECT. */
  readonly seen: ReadonlySet<string>;
  readonly names: Names;
  readonly inner: InnerQueries;
}

function sourceOf(node: Expression, place: Place): Source {
  if ('paren' in node) return sourceOf(node.paren.this, place);
  const [of, alias] = operandOf(node);
  if (of !== null) {
    const source = sourceOf(of, place);
    return alias === null ? source : { ...source, name: alias.name.toLowerCase(), path: null };
  }
  if ('table' in node) return tableOf(node.table, place);
  const { join, seen, inner } = place;
  if ('subquery' in node) {
    const name = node.subquery.alias?.name.toLowerCase() ?? null;
    return { kind: 'query', name, path: null, join, query: inner.query(node) };
  }
  inner.queriesIn(node, seen);
  const name = 'unnest' in node ? (node.unnest.alias?.name.toLowerCase() ?? null) : null;
  return { kind: 'other', name, path: null, join };
}

/** What PIVOT and the like are written after, or an alias of its own stands for; and the name that its rows get. */
function operandOf(node: Expression): readonly [of: Expression | null, alias: Identifier | null] {
  if ('alias' in node) return [node.alias.this, node.alias.alias];
  const operator =
    ('pivot' in node && node.pivot) ||
    ('unpivot' in node && node.unpivot) ||
    ('match_recognize' in node && node.match_recognize);
  return operator === false ? [null, null] : [operator.this ?? null, operator.alias ?? null];
}

function tableOf(node: TableBody, { join, seen, names }: Place): Source {
  const parts = [node.catalog?.name, node.schema?.name, node.name.name];
  const own = node.name.name.split('.').at(-1) ?? '';
  const name = (node.alias?.name ?? own).toLowerCase();
  if (seen.has(firstNameOf(node) ?? '')) return { kind: 'other', name, path: null, join };
  const bare = bareNameOf(node);
  const common = bare === null ? undefined : names.scope.commonTables.get(bare);
  if (common === undefined)
    return {
      kind: 'table',
      name,
      path: pathOf(node),
      join,
      node,
      reference: tableReference(parts, names.defaults),
    };
  common.references += 1;
  return { kind: 'common', name, path: null, join, node, table: common };
}
