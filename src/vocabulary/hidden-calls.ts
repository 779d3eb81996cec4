import type { Estimate } from './estimate.ts';
import type { SqlReading } from './reading.ts';
import { type RoutineReference, routineName, routineNamed } from './routine.ts';
import { type TableReference, tableName } from './table.ts';

/** What runs in a query although its SQL does not say so: it is in the views and routines behind it. */
export interface HiddenCalls {
  /** Functions called there, as a reading names them. */
  readonly functions: readonly string[];
  /** The company's own functions and procedures that run, called there or in the SQL itself. */
  readonly routines: readonly string[];
  /** Those of them whose work another service does, or may. */
  readonly outsideRoutines: readonly string[];
  /** Views and routines of which it is not known what they call. */
  readonly unread: readonly string[];
}

/** What may hide calls: names that may be views, and routines. */
export interface NamesToOpen {
  readonly tables: readonly TableReference[];
  readonly routines: readonly RoutineReference[];
}

/** The names in a query whose definitions tell what else runs; each once. */
export function namesToOpen(
  reading: Pick<SqlReading, 'tables' | 'routines' | 'statement' | 'writes'>,
  { referencedTables, referencedRoutines = [] }: Pick<Estimate, 'referencedTables' | 'referencedRoutines'>,
): NamesToOpen {
  const routines = [...referencedRoutines.map(routineNamed), ...(reading.routines ?? [])];
  return {
    tables: possibleViews(reading, new Set(referencedTables.map(tableName))),
    routines: [...new Map(routines.map((routine) => [routineName(routine), routine])).values()],
  };
}

/**
 * Every name except those of tables that hold rows: a dry run names these, and in place of a view what is behind it.
 * @param rowsOf names of tables in the dry run
 */
export function possibleViews(
  reading: Pick<SqlReading, 'tables' | 'statement' | 'writes'>,
  rowsOf: ReadonlySet<string>,
): readonly TableReference[] {
  if (reading.statement.startsWith('DROP ')) return [];
  const onlyWritten = namesOnlyWritten(reading);
  return reading.tables
    .map(({ table }) => table)
    .filter(
      (table) => !rowsOf.has(tableName(table)) && mayBeView(table) && !onlyWritten.has(tableName(table)),
    );
}

/**
 * What a statement fills or creates is no view that it reads, and need not exist yet. A script may read it in its next
 * statement.
 */
function namesOnlyWritten({
  statement,
  writes = [],
}: Pick<SqlReading, 'statement' | 'writes'>): ReadonlySet<string> {
  return new Set(statement === 'SCRIPT' ? [] : writes.map(tableName));
}

/** A wildcard matches no view, the views of INFORMATION_SCHEMA call nothing, and a temporary table is no view. */
function mayBeView({ datasetId, tableId }: TableReference): boolean {
  const isTemporary = datasetId === '' || datasetId.toUpperCase() === '_SESSION';
  return !isTemporary && !tableId.includes('*') && !tableId.toUpperCase().startsWith('INFORMATION_SCHEMA.');
}

/** For a query whose definitions nobody has looked up. */
export function notLookedBehind({ tables, routines }: NamesToOpen): HiddenCalls {
  return {
    functions: [],
    routines: [],
    outsideRoutines: [],
    unread: [...tables.map(tableName), ...routines.map(routineName)],
  };
}
