import type {
  AntiPatternCondition,
  AntiPatternFinding,
  AntiPatternName,
  TextSpan,
} from '../../vocabulary/antipatterns/antipattern.ts';
import { tableName } from '../../vocabulary/table.ts';
import { type Clauses, clausesAround } from '../source/clauses.ts';
import type { SourceText } from '../source/source-text.ts';
import type { NameDefaults } from '../table-names.ts';
import type { Queries, Select, TableSource } from './queries/queries.ts';
import { type ColumnBody, columnsIn, nameOf } from './queries/tree.ts';

/** What an anti-pattern is searched in: the SQL as tokens and as queries. */
export interface DetectorContext {
  readonly text: SourceText;
  readonly queries: Queries;
  readonly defaults: NameDefaults;
}

export type Finding = Omit<AntiPatternFinding, 'name'>;

/** Searches for one anti-pattern. It may throw on a tree of a shape that it does not know. */
export interface Detector {
  readonly name: AntiPatternName;
  find(context: DetectorContext): readonly Finding[];
}

interface FindingDetails {
  readonly table?: TableSource | undefined;
  readonly column?: ColumnBody;
  readonly onlyIf?: AntiPatternCondition;
}

/** A finding at a span, if there is one: a finding without a place is not reported. */
export function findingAt(span: TextSpan | null, details: FindingDetails = {}): readonly Finding[] {
  if (span === null) return [];
  const { table, column, onlyIf = null } = details;
  return [
    {
      span,
      table: table === undefined ? null : tableName(table.reference),
      column: column === undefined ? null : nameOf(column),
      onlyIf,
    },
  ];
}

/** Where a SELECT and its clauses are; null for one that names nothing, which reads nothing either. */
export function clausesOf({ text }: DetectorContext, select: Select): Clauses | null {
  for (const name of ownNames(select)) {
    const token = text.tokenAt(name);
    if (token !== null) return clausesAround(text, token);
  }
  return null;
}

function* ownNames({ body, sources }: Select) {
  for (const source of sources)
    if (source.kind === 'table' || source.kind === 'common') yield source.node.name;
  for (const column of columnsIn(body.expressions)) yield column;
  for (const projection of body.expressions) {
    if ('alias' in projection) yield projection.alias.alias;
    if ('star' in projection && projection.star.table) yield projection.star.table;
  }
  for (const column of columnsIn([body.where_clause, body.group_by, body.order_by])) yield column;
}

/** The span of a table's name in a FROM, without its alias. */
export function nameSpan({ text }: DetectorContext, { node }: TableSource): TextSpan | null {
  const parts = [node.catalog, node.schema, node.name].flatMap((part) => part ?? []);
  const tokens = parts.flatMap((part) => text.tokenAt(part) ?? []);
  const [token, lastToken] = [tokens.at(0), tokens.at(-1)];
  if (token === undefined || lastToken === undefined) return null;
  return text.span(startOfPath(text, token), endOfPath(text, lastToken));
}

/** Of `p.region.INFORMATION_SCHEMA.JOBS`, the parser gives a place only to the third word, as one name with the fourth. */
function startOfPath({ tokens }: Pick<SourceText, 'tokens'>, token: number): number {
  return tokens[token - 1]?.text === '.' ? startOfPath({ tokens }, token - 2) : token;
}

function endOfPath({ tokens }: Pick<SourceText, 'tokens'>, token: number): number {
  return tokens[token + 1]?.text === '.' ? endOfPath({ tokens }, token + 2) : token;
}
