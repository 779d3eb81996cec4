import type { AntiPatternFinding } from '../../vocabulary/antipatterns/antipattern.ts';
import { namesToOpen } from '../../vocabulary/hidden-calls.ts';
import { tableName } from '../../vocabulary/table.ts';
import type { Catalog } from '../catalog.ts';
import { DEFINED_FACTS, HIDDEN_FACTS } from './fact-uses.ts';
import type { Facts, Question } from './facts.ts';
import type { TableFacts } from './table-facts.ts';

/** Facts of a query that nobody has looked up: their values are those of a query of which nothing is known. */
export interface UnknownFacts {
  readonly ofQuery: ReadonlySet<string>;
  ofTable(name: string): ReadonlySet<string>;
  readonly history: boolean;
  readonly budgets: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const OF_TABLE: ReadonlySet<string> = new Set([...DEFINED_FACTS, 'partitioned_by', 'partition_filter']);
/** Those that the catalog does not tell either. */
const OF_TABLE_IN_CATALOG: ReadonlySet<string> = new Set(DEFINED_FACTS);

/** Those that may depend on which columns the tables beside it have. */
const FILTERS = ['partition_filter', 'cluster_filter'];

/** What is not known of a query whose background is not complete. */
export function unknownFacts(
  { reading, estimate, background = {} }: Question,
  catalog: Catalog,
): UnknownFacts {
  const isDefined = (name: string) => background.definitions?.has(name) === true;
  const hasPartition = (name: string) =>
    isDefined(name) || catalog.find(name)?.partition_column !== undefined;
  const { tables, routines } = namesToOpen(reading, estimate);
  const mayHide =
    tables.length + routines.length > 0 || (reading.reader !== 'none' && reading.routines === undefined);
  const areDefined = reading.tables.every(({ table }) => isDefined(tableName(table)));
  const dependsOnColumns = new Set(
    reading.tables
      .filter((use) => (use.filteredIfOwn ?? use.comparedVariables) !== undefined && !areDefined)
      .map(({ table }) => tableName(table)),
  );
  return {
    ofQuery: new Set([
      ...(background.hiddenCalls === undefined && mayHide ? HIDDEN_FACTS : []),
      ...(reading.antiPatterns.some((finding) => isOpen(finding, isDefined, hasPartition))
        ? ['antipatterns']
        : []),
    ]),
    ofTable(name) {
      if (!hasPartition(name)) return OF_TABLE;
      const depends = dependsOnColumns.has(name) ? FILTERS : [];
      return new Set([...(isDefined(name) ? NONE : OF_TABLE_IN_CATALOG), ...depends]);
    },
    history: background.history === undefined,
    budgets: background.balances === undefined,
  };
}

/** Whether nothing tells if a candidate for an anti-pattern holds. */
function isOpen(
  { onlyIf, table }: AntiPatternFinding,
  isDefined: (name: string) => boolean,
  hasPartition: (name: string) => boolean,
): boolean {
  if (onlyIf === null || table === null) return false;
  return onlyIf.kind === 'smaller-than'
    ? !isDefined(table) || !isDefined(onlyIf.table)
    : !hasPartition(table);
}

/** The same facts, which tell when one of those that are not known is read. */
export function watchFacts(facts: Facts, unknown: UnknownFacts, onRead: () => void): Facts {
  const watchTable = (table: TableFacts) => watch(table, unknown.ofTable(table.name), onRead);
  const query = { ...facts.query, tables: facts.query.tables.map(watchTable) };
  const budgets = Object.entries(facts.budgets).map(([name, budget]) => {
    return [name, watch(budget, unknown.budgets ? 'all' : NONE, onRead)] as const;
  });
  return {
    ...facts,
    query: watch(query, unknown.ofQuery, onRead),
    history: watch(facts.history, unknown.history ? 'all' : NONE, onRead),
    budgets: Object.fromEntries(budgets),
  };
}

function watch<T extends object>(target: T, unknown: ReadonlySet<string> | 'all', onRead: () => void): T {
  if (unknown !== 'all' && unknown.size === 0) return target;
  return new Proxy(target, {
    get(known, key) {
      // CEL's library asks each value for its constructor.
      if (typeof key === 'string' && Object.hasOwn(known, key) && (unknown === 'all' || unknown.has(key)))
        onRead();
      return Reflect.get(known, key);
    },
  });
}
