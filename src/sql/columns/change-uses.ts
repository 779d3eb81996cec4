import { changeIn } from '../syntax/change.ts';
import { type Item, isParts, type Parts, partsIn } from '../syntax/syntax-parts.ts';
import type { NamedRows } from './column-rows.ts';
import { recordUse } from './common-table-reads.ts';
import { columnsUsedIn, filteringOrigins, recordCondition, type Scope } from './expression-columns.ts';
import { commonOrigins } from './filter-reach.ts';
import { addFromItems, blockFiltersIf, recordJoinCondition } from './from-rows.ts';
import type { Origin } from './origins.ts';

/** A side of a MERGE, or of an UPDATE: the rows that are changed, or those that are read beside them. */
type Side = readonly NamedRows[];

/**
 * Records how an UPDATE, DELETE or MERGE uses columns, including those of the table that it changes.
 * @returns false for any other statement, of which nothing is recorded
 */
export function recordChange(statement: Parts, outer: Scope): boolean {
  const change = changeIn(statement);
  if (change === null) return false;
  const target = sideOf([{ from: change.target, join: null }], outer);
  const source = sideOf(change.items, outer);
  if ('merge' in statement) recordMerge(change.clauses, target, source, outer);
  else recordUpdate(change.clauses, scopeOver([...target, ...source], outer));
  return true;
}

function sideOf(items: readonly Item[], outer: Scope): Side {
  const level: NamedRows[] = [];
  addFromItems(items, { ...outer, rowScope: [level, ...outer.rowScope] }, level);
  return level;
}

function scopeOver(level: Side, outer: Scope): Scope {
  return { ...outer, rowScope: [level, ...outer.rowScope] };
}

/** DELETE has no SET. */
function recordUpdate({ set, where_clause }: Parts, scope: Scope): void {
  // The names on the left are written, and are not columns in the tree.
  recordValues(set, scope);
  if (isParts(where_clause)) recordCondition(where_clause['this'], scope);
}

function recordValues(values: unknown, scope: Scope): void {
  const { own, nested } = columnsUsedIn(values, scope);
  recordUse([...own, ...nested], 'projected');
}

/** One WHEN of a MERGE. */
interface When {
  readonly kind: 'matched' | 'of source' | 'of target';
  readonly condition: unknown;
  readonly then: unknown;
}

/**
 * A MERGE joins its tables as its WHENs need: `NOT MATCHED` needs every row of the source, `NOT MATCHED BY SOURCE` every
 * row of the target, and a filter excludes no row that is needed.
 */
function recordMerge({ on, whens: clause }: Parts, target: Side, source: Side, outer: Scope): void {
  const whens = whensIn(clause);
  for (const { kind, condition, then } of whens) {
    const scope = scopeOver(visibleTo(kind, target, source), outer);
    recordUse(columnsUsedIn(condition, scope).own, 'tested');
    recordValues(valuesOf(then), scope);
  }
  // Then no row matches, and each side is read for itself.
  const isNever = isParts(on) && isParts(on['boolean']) && on['boolean']['value'] === false;
  const needs = (kind: When['kind']) => !isNever && whens.some((when) => when.kind === kind);
  const keptTarget = blockFiltersIf(needs('of target'), target);
  const keptSource = blockFiltersIf(needs('of source'), source);
  recordJoinCondition(on, scopeOver([...keptTarget, ...keptSource], outer));
  const filters = (kind: When['kind'], ofTarget: Side, ofSource: Side) => {
    const some = whens.filter((when) => when.kind === 'matched' || when.kind === kind);
    recordUse(
      sharedFilters(some, (when) => scopeOver(visibleTo(when, ofTarget, ofSource), outer)),
      'filtered',
    );
  };
  filters('of target', blockFiltersIf(needs('of source'), target), blockFiltersIf(true, source));
  filters('of source', blockFiltersIf(true, target), blockFiltersIf(needs('of target'), source));
}

/** A row that does not match has no columns of the other side, so that a name without a qualifier is its own. */
function visibleTo(kind: When['kind'], target: Side, source: Side): Side {
  return [...(kind === 'of source' ? [] : target), ...(kind === 'of target' ? [] : source)];
}

/** The columns by which every one of these WHENs filters. */
function sharedFilters(whens: readonly When[], scopeOf: (kind: When['kind']) => Scope): readonly Origin[] {
  return commonOrigins(whens.map(({ kind, condition }) => filteringOrigins(condition, scopeOf(kind))));
}

function whensIn(clause: unknown): readonly When[] {
  const list = isParts(clause) && isParts(clause['whens']) ? clause['whens']['expressions'] : [];
  return partsIn(list).flatMap(({ when }) => {
    if (!isParts(when)) return [];
    const { condition, then } = when;
    return [{ kind: kindOf(when), condition, then }];
  });
}

function kindOf(when: Parts): When['kind'] {
  if (isTrue(when['matched'])) return 'matched';
  return isTrue(when['source']) ? 'of target' : 'of source';
}

function isTrue(part: unknown): boolean {
  return isParts(part) && isParts(part['boolean']) && part['boolean']['value'] === true;
}

/** What an UPDATE in a MERGE sets, without the names on the left, or what an INSERT inserts. */
function valuesOf(then: unknown): unknown {
  const [, ...lists] = partsIn(isParts(then) && isParts(then['tuple']) ? then['tuple']['expressions'] : []);
  return lists.flatMap(({ tuple }) =>
    partsIn(isParts(tuple) ? tuple['expressions'] : []).map(({ eq, ...value }) =>
      isParts(eq) ? eq['right'] : value,
    ),
  );
}
