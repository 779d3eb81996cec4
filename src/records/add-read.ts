import type { Bytes } from '../vocabulary/bytes.ts';
import type { Micros } from '../vocabulary/money.ts';
import type { TableReads, TeamReads } from '../vocabulary/table-reads.ts';

/** A query's read of one table. */
export interface TableRead {
  readonly table: string;
  /** False for a name in the SQL that the warehouse resolved to other tables: a view, or a wildcard of tables. */
  readonly isResolved: boolean;
  readonly atMs: number;
  readonly team: string;
  readonly principal: string | null;
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly currency: string;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
  /**
   * Null if the SQL does not show it: the table was read through a view, or the SQL could not be read well enough. Lower
   * case.
   */
  readonly columns: { readonly all: boolean; readonly named: ReadonlySet<string> } | null;
}

/** Summed up in place: a copy for each of a million queries would be slow. */
interface MutableTableReads extends TableReads {
  queries: number;
  lastMs: number;
  allColumns: number;
  unknownColumns: number;
  readonly teams: Map<string, TeamReads>;
  readonly persons: Set<string>;
  readonly principals: Set<string>;
  readonly dashboards: Map<string, number>;
  readonly columns: Map<string, number>;
}

/** Adds one read to the sum; the sum that is passed in is changed and must not be used again. */
export function addRead(before: TableReads | undefined, read: TableRead): TableReads {
  // Only this function makes the sums, and it makes them mutable.
  const sum = (before as MutableTableReads | undefined) ?? emptyReads(read);
  sum.queries += 1;
  sum.lastMs = Math.max(sum.lastMs, read.atMs);
  addToTeam(sum.teams, read);
  if (read.person !== null) sum.persons.add(read.person);
  if (read.principal !== null) sum.principals.add(read.principal);
  if (read.dashboard !== null) increment(sum.dashboards, read.dashboard);
  if (read.columns === null) sum.unknownColumns += 1;
  else if (read.columns.all) sum.allColumns += 1;
  for (const column of read.columns?.named ?? []) increment(sum.columns, column);
  return sum;
}

function emptyReads({ isResolved, atMs }: TableRead): MutableTableReads {
  return {
    isResolved,
    queries: 0,
    lastMs: atMs,
    teams: new Map(),
    persons: new Set(),
    principals: new Set(),
    dashboards: new Map(),
    columns: new Map(),
    allColumns: 0,
    unknownColumns: 0,
  };
}

function addToTeam(teams: Map<string, TeamReads>, read: TableRead): void {
  const { team, currency, bytesBilled, costMicros } = read;
  const key = JSON.stringify([team, currency]);
  const before = teams.get(key);
  teams.set(key, {
    team,
    currency,
    queries: (before?.queries ?? 0) + 1,
    bytesBilled: (before?.bytesBilled ?? 0n) + bytesBilled,
    costMicros: (before?.costMicros ?? 0n) + costMicros,
  });
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
