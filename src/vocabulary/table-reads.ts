import type { Bytes } from './bytes.ts';
import type { Micros } from './money.ts';

/** What queries of a team in a currency came to that read a table: each in full, since no query is billed by table. */
export interface TeamReads {
  readonly team: string;
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** Who read a table, and what of it. */
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
  /** Queries that do not tell which columns they take. */
  readonly untoldColumns: number;
}
