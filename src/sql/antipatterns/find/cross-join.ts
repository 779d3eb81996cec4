import type { TextSpan } from '../../../vocabulary/antipatterns/antipattern.ts';
import { rowsQualifiedBy } from '../../syntax/qualified-rows.ts';
import type { Expression } from '../../syntax/syntax-parts.ts';
import { clausesOf, type Detector, type DetectorContext, findingAt, nameSpan } from '../detector.ts';
import { bracketsAround } from '../places.ts';
import type { Select, Source } from '../queries/queries.ts';
import { returnsTableRows, selectsOf } from '../queries/rows.ts';
import { type ColumnBody, columnsIn, conjunctsOf, literalText, unwrap } from '../queries/tree.ts';

/**
 * Every row of one stored table combined with every row of another: joined by CROSS JOIN, by a comma or ON TRUE, with
 * nothing in WHERE or a later ON that connects the two. Small sides (grouped, limited, UNNEST) are ignored.
 */
export const crossJoin: Detector = {
  name: 'cross-join',
  find(context) {
    return context.queries.selects.flatMap((select) =>
      select.sources.flatMap((source, index) => {
        const before = select.sources.slice(0, index);
        const isCrossed =
          index > 0 &&
          isWithoutCondition(source) &&
          returnsTableRows(source) &&
          before.some((earlier) => returnsTableRows(earlier));
        if (!isCrossed || isConnected(select, source)) return [];
        return findingAt(placeOf(context, source), source.kind === 'table' ? { table: source } : {});
      }),
    );
  },
};

function isWithoutCondition({ join }: Source): boolean {
  if (join === null || join.kind === 'Cross' || join.kind === 'Implicit') return true;
  return join.kind === 'Inner' && join.on !== null && isAlwaysTrue(join.on);
}

function isAlwaysTrue(condition: Expression): boolean {
  const node = unwrap(condition);
  if ('boolean' in node) return node.boolean.value;
  if (!('eq' in node)) return false;
  const left = literalText(node.eq.left);
  return left !== null && left === literalText(node.eq.right);
}

/** Whether some condition names this source and another one. Unqualified columns may belong to either. */
function isConnected({ body, sources }: Select, source: Source): boolean {
  const conditions = [
    ...conjunctsOf(body.where_clause?.this),
    ...body.joins.flatMap(({ on }) => conjunctsOf(on)),
    ...conjunctsOf(body.qualify?.this),
  ];
  const isUsing = body.joins.some(({ using }) => using.length > 0);
  return isUsing || conditions.some((condition) => connects(columnsIn(condition), sources, source));
}

function connects(columns: readonly ColumnBody[], sources: readonly Source[], source: Source): boolean {
  const owners = new Set(columns.map((column) => ownerOf(column, sources)));
  return owners.size > 1 ? owners.has(source) || owners.has(null) : columns.length > 1 && owners.has(null);
}

/** The source that a column belongs to, or its qualifier if that means none of them; null if it may belong to several. */
function ownerOf({ table }: ColumnBody, sources: readonly Source[]): Source | string | null {
  if (table === null) return null;
  const qualifier = table.name.toLowerCase();
  const [owner, ...others] = rowsQualifiedBy(qualifier, sources);
  return others.length > 0 ? null : (owner ?? qualifier);
}

function placeOf(context: DetectorContext, source: Source): TextSpan | null {
  if (source.kind === 'table') return nameSpan(context, source);
  if (source.kind === 'common') {
    const token = context.text.tokenAt(source.node.name);
    return token === null ? null : context.text.span(token, token);
  }
  const [first] = selectsOf(source);
  const clauses = first === undefined ? null : clausesOf(context, first);
  return clauses === null ? null : bracketsAround(context.text, clauses.SELECT);
}
