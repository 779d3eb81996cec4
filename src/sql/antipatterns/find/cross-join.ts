import type { TextSpan } from '../../../vocabulary/antipattern.ts';
import type { Expression } from '../../syntax/syntax-parts.ts';
import { clausesOf, type Detector, type DetectorContext, findingAt, nameSpan } from '../detector.ts';
import type { Select, Source } from '../queries/queries.ts';
import { returnsTableRows, selectsOf } from '../queries/rows.ts';
import { type ColumnBody, columnsIn, conjunctsOf, literalText, unwrap } from '../queries/tree.ts';
import { bracketsAround } from '../source/places.ts';

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
function isConnected({ body }: Select, { name }: Source): boolean {
  const conditions = [
    ...conjunctsOf(body.where_clause?.this),
    ...body.joins.flatMap(({ on }) => conjunctsOf(on)),
    ...conjunctsOf(body.qualify?.this),
  ];
  const isUsing = body.joins.some(({ using }) => using.length > 0);
  return isUsing || conditions.some((condition) => connects(columnsIn(condition), name));
}

function connects(columns: readonly ColumnBody[], name: string | null): boolean {
  const qualifiers = columns.map(({ table }) => table?.name.split('.').at(-1)?.toLowerCase() ?? null);
  const known = new Set(qualifiers);
  return known.size > 1 ? known.has(name) || known.has(null) : columns.length > 1 && known.has(null);
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
