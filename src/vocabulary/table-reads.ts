import type { Bytes } from './bytes.ts';
import type { Micros } from './money.ts';

/**
 * The sums of one team's queries over a table, in one currency: each counts in full, since no query is billed by table.
 */
export interface TeamReads {
  readonly team: string;
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** Who read a table, and which part of it. */
export interface TableReads {
  readonly isResolved: boolean;
  readonly queries: number;
  readonly lastMs: number;
  readonly teams: ReadonlyMap<string, TeamReads>;
  readonly persons: ReadonlySet<string>;
  readonly principals: ReadonlySet<string>;
  /** Queries of each, by a JSON list of tool and dashboard. */
  readonly dashboards: ReadonlyMap<string, number>;
  /** Queries that name each column. */
  readonly columns: ReadonlyMap<string, number>;
  /** Queries that take all columns. */
  readonly allColumns: number;
  /** Queries that do not say which columns they use. */
  readonly unknownColumns: number;
}
