import type { SuffixCondition } from '../../vocabulary/suffixes.ts';
import { bothDirections, type Comparison, comparisonIn } from '../antipatterns/queries/comparisons.ts';
import { conjunctsOf, literalText, unwrap } from '../antipatterns/queries/tree.ts';
import type { SurveyedSelect } from '../syntax/survey.ts';
import { type Expression, isParts, partsIn, type TableBody } from '../syntax/syntax-parts.ts';

const SUFFIX = '_table_suffix';

/** More of them than anybody writes, which a record would have to hold. */
const MOST_SUFFIXES = 100;

/**
 * What the conditions of a SELECT say about the suffixes of each wildcard in its FROM, where they certainly keep every other
 * table from being read: they are ANDed in its WHERE and compare with literals, and no outer join keeps the rows for itself.
 */
export function suffixConditions(
  selects: readonly SurveyedSelect[],
): ReadonlyMap<TableBody, readonly SuffixCondition[]> {
  return new Map(selects.flatMap(conditionsIn));
}

function conditionsIn({ body, sources }: SurveyedSelect): readonly [TableBody, readonly SuffixCondition[]][] {
  const [first] = body.from?.expressions ?? [];
  const [only, ...others] = sources.filter(({ table }) => table.name.name.endsWith('*'));
  const isFirst = first !== undefined && 'table' in first && first.table === only?.table;
  const keepsOthers = partsIn(body.joins).some(({ kind }) => kind === 'Right' || kind === 'Full');
  if (only === undefined || others.length > 0 || !isFirst || keepsOthers) return [];
  const conditions = conjunctsOf(body.where_clause?.this).flatMap((conjunct) => {
    const comparison = comparisonIn(conjunct);
    return (comparison === null ? [] : bothDirections(comparison))
      .filter(({ left }) => isSuffix(left, only.name))
      .flatMap(conditionOf);
  });
  return conditions.length === 0 ? [] : [[only.table, conditions]];
}

function isSuffix(expression: Expression, rows: string): boolean {
  const node = unwrap(expression);
  if (!('column' in node) || node.column.name.name.toLowerCase() !== SUFFIX) return false;
  return !isParts(node.column.table) || node.column.table.name.toLowerCase() === rows;
}

function conditionOf({ operator, right }: Comparison): readonly SuffixCondition[] {
  const texts = right.map(literalText);
  if (texts.length > MOST_SUFFIXES || !texts.every((text) => text !== null)) return [];
  const [first = '', second = ''] = texts;
  switch (operator) {
    case '=':
    case 'in':
      return texts.length === 0 ? [] : [{ oneOf: texts }];
    case 'between':
      return [{ atLeast: first, atMost: second }];
    case '>':
    case '>=':
      return [{ atLeast: first }];
    case '<':
    case '<=':
      return [{ atMost: first }];
    case 'like':
      return [{ begins: /^[^%_\\]*/.exec(first)?.[0] ?? '' }];
    default:
      return [];
  }
}
