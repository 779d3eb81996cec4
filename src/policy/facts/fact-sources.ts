import { type Estimate, namedByDryRun } from '../../vocabulary/estimate.ts';
import type { FingerprintHistory } from '../../vocabulary/fingerprint-history.ts';
import { type HiddenCalls, namesToOpen } from '../../vocabulary/hidden-calls.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';
import type { Catalog } from '../catalog.ts';
import { DEFINED_FACTS, type FactUses, HIDDEN_FACTS } from './fact-uses.ts';

/** What the rules need looked up for one query; what no rule asks for is not looked up. */
export interface FactSources {
  /** Tables whose definition to fetch from the warehouse. */
  readonly definitions: readonly TableReference[];
  /** Whether to look behind the views and routines of the query. */
  readonly hiddenCalls: boolean;
  readonly history: boolean;
  /** Names of budgets. */
  readonly budgets: ReadonlySet<string>;
}

/** What was found. Anything absent is not known. */
export interface Background {
  /** By `project.dataset.table`. */
  readonly definitions?: ReadonlyMap<string, TableDefinition>;
  readonly hiddenCalls?: HiddenCalls;
  readonly history?: FingerprintHistory;
  /** The state of the budgets that were asked for and cover the query. */
  readonly balances?: readonly BudgetBalance[];
}

/** A query over more tables is rare, and each table is a request to the warehouse. */
const MAX_DEFINITIONS = 100;

/** What expressions with these uses need for a query. */
export function sourcesFor(
  uses: FactUses,
  query: { readonly reading: SqlReading; readonly estimate: Estimate },
  catalog: Catalog,
): FactSources {
  return {
    definitions: tablesToDefine(uses, query, catalog).slice(0, MAX_DEFINITIONS),
    hiddenCalls: HIDDEN_FACTS.some((fact) => uses.definitions.has(fact)) && hasNamesToOpen(query),
    history: uses.history,
    budgets: new Set(uses.budgets.map(({ name }) => name)),
  };
}

function hasNamesToOpen({ reading, estimate }: Parameters<typeof sourcesFor>[1]): boolean {
  const { tables, routines } = namesToOpen(reading, estimate);
  return tables.length + routines.length > 0;
}

/**
 * Not the tables whose partition column is in the catalog, if nothing else is asked about them, and the SQL says whose columns
 * filter.
 */
function tablesToDefine(
  { definitions: facts }: FactUses,
  { reading, estimate }: { readonly reading: SqlReading; readonly estimate: Estimate },
  catalog: Catalog,
): readonly TableReference[] {
  const conditions = facts.has('antipatterns')
    ? reading.antiPatterns.flatMap(({ onlyIf }) => (onlyIf === null ? [] : [onlyIf.kind]))
    : [];
  const needsDefinition =
    DEFINED_FACTS.some((fact) => facts.has(fact)) || conditions.includes('smaller-than');
  const needsPartition =
    facts.has('partition_filter') || facts.has('partitioned_by') || conditions.length > 0;
  if (!needsDefinition && !needsPartition) return [];
  const isOwnUnknown =
    facts.has('partition_filter') &&
    reading.tables.some(({ filteredIfOwn, comparedVariables }) => filteredIfOwn ?? comparedVariables);
  const tables = [...reading.tables.map(({ table }) => table), ...namedByDryRun(estimate)];
  const byName = new Map(tables.map((table) => [tableName(table), table]));
  return [...byName]
    .filter(([name]) => needsDefinition || isOwnUnknown || catalog.find(name)?.partition_column === undefined)
    .map(([, table]) => table);
}
