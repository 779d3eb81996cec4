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
      crossedIn(select).flatMap((source) =>
        findingAt(placeOf(context, source), source.kind === 'table' ? { table: source } : {}),
      ),
    );
  },
};

function crossedIn(select: Select): readonly Source[] {
  const first = select.sources.findIndex((source) => returnsTableRows(source));
  const crossed = select.sources.filter(
    (source, index) =>
      first !== -1 && index > first && isWithoutCondition(source) && returnsTableRows(source),
  );
  if (crossed.length === 0) return [];
  const isConnected = connectionsIn(select);
  return crossed.filter((source) => !isConnected(source));
}

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

/**
 * Tells whether some condition names a source and another one. Unqualified columns may belong to any. The conditions are
 * looked at once for all sources, of which there may be a thousand.
 */
function connectionsIn({ body, sources }: Select): (source: Source) => boolean {
  const conditions = [
    ...conjunctsOf(body.where_clause?.this),
    ...body.joins.flatMap(({ on }) => conjunctsOf(on)),
    ...conjunctsOf(body.qualify?.this),
  ];
  const ownersOf = conditions.map((condition) =>
    columnsIn(condition).map((column) => ownerOf(column, sources)),
  );
  const connecting = ownersOf.filter((owners) => new Set(owners).size > 1);
  const mayConnectAll = ownersOf.some((owners) => owners.length > 1 && owners.includes(null));
  const isUsing = body.joins.some(({ using }) => using.length > 0);
  const connected = new Set(connecting.flat());
  return (source) => isUsing || mayConnectAll || connected.has(source);
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
