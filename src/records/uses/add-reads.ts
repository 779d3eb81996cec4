import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { TableReads, TeamReads } from '../../vocabulary/table-reads.ts';

/** A query that ran, as far as it says who read. */
export interface ReadingQuery {
  readonly atMs: number;
  readonly team: string;
  readonly principal: string | null;
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly currency: string;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** What queries read of one table. */
export interface ReadTable {
  readonly table: string;
  /** False for a name in the SQL that the warehouse resolved to other tables: a view, or a wildcard of tables. */
  readonly isResolved: boolean;
  /**
   * Null if the SQL does not show it: the table was read through a view, or the SQL could not be read well enough. Lower
   * case.
   */
  readonly columns: { readonly all: boolean; readonly named: ReadonlySet<string> } | null;
}

/** Who sent queries that read the same, and what these came to. */
export type Readers = Pick<
  TableReads,
  'queries' | 'lastMs' | 'teams' | 'persons' | 'principals' | 'dashboards'
>;

/** Summed up in place: a copy for each of a million queries would be slow. */
interface MutableReaders extends Readers {
  queries: number;
  lastMs: number;
  readonly teams: Map<string, TeamReads>;
  readonly persons: Set<string>;
  readonly principals: Set<string>;
  readonly dashboards: Map<string, number>;
}

interface MutableTableReads extends MutableReaders {
  readonly isResolved: boolean;
  readonly columns: Map<string, number>;
  allColumns: number;
  unknownColumns: number;
}

/** Adds one query to a sum that `nobody` made. */
export function addReader(to: Readers, query: ReadingQuery): void {
  // Only this module makes the sums, and it makes them mutable.
  const sum = to as MutableReaders;
  const { atMs, team, currency, bytesBilled, costMicros } = query;
  sum.queries += 1;
  sum.lastMs = Math.max(sum.lastMs, atMs);
  addToTeam(sum.teams, { team, currency, queries: 1, bytesBilled, costMicros });
  if (query.person !== null) sum.persons.add(query.person);
  if (query.principal !== null) sum.principals.add(query.principal);
  if (query.dashboard !== null) increase(sum.dashboards, query.dashboard, 1);
}

/**
 * Adds queries that read the same to the sum of a table; the sum that is passed in is changed and must not be used again.
 */
export function addReads(before: TableReads | undefined, use: ReadTable, readers: Readers): TableReads {
  const sum = (before as MutableTableReads | undefined) ?? noReads(use);
  sum.queries += readers.queries;
  sum.lastMs = Math.max(sum.lastMs, readers.lastMs);
  for (const team of readers.teams.values()) addToTeam(sum.teams, team);
  for (const person of readers.persons) sum.persons.add(person);
  for (const principal of readers.principals) sum.principals.add(principal);
  for (const [dashboard, queries] of readers.dashboards) increase(sum.dashboards, dashboard, queries);
  if (use.columns === null) sum.unknownColumns += readers.queries;
  else if (use.columns.all) sum.allColumns += readers.queries;
  for (const column of use.columns?.named ?? []) increase(sum.columns, column, readers.queries);
  return sum;
}

/** A sum of no queries. */
export function nobody(): Readers {
  return mutableNobody();
}

function mutableNobody(): MutableReaders {
  return {
    queries: 0,
    lastMs: 0,
    teams: new Map(),
    persons: new Set(),
    principals: new Set(),
    dashboards: new Map(),
  };
}

function noReads({ isResolved }: ReadTable): MutableTableReads {
  return { ...mutableNobody(), isResolved, columns: new Map(), allColumns: 0, unknownColumns: 0 };
}

function addToTeam(teams: Map<string, TeamReads>, more: TeamReads): void {
  const key = JSON.stringify([more.team, more.currency]);
  const before = teams.get(key);
  teams.set(key, {
    team: more.team,
    currency: more.currency,
    queries: (before?.queries ?? 0) + more.queries,
    bytesBilled: (before?.bytesBilled ?? 0n) + more.bytesBilled,
    costMicros: (before?.costMicros ?? 0n) + more.costMicros,
  });
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
