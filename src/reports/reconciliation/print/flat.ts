import { jobName } from '../../../vocabulary/job-name.ts';
import type { Finding, FindingKind } from '../report.ts';

/** A finding without what only corrections need; amounts are decimal text, since they may exceed 2^53. */
export interface FlatFinding {
  readonly kind: FindingKind;
  readonly day: string;
  readonly team: string;
  /** ISO instant of the decision, or of the job if there is no decision. */
  readonly at: string;
  readonly project: string;
  readonly principal: string | null;
  readonly decision: string | null;
  /** The warehouse's job, or the one that the ledger names. */
  readonly job: string | null;
  readonly ledgerBytes: string;
  /** Null, like the next two, if the warehouse does not say. */
  readonly warehouseBytes: string | null;
  readonly ledgerCurrency: string;
  readonly ledgerMicros: string;
  readonly warehouseCurrency: string | null;
  readonly warehouseMicros: string | null;
  /** The first 200 characters; null if there is no job. */
  readonly sql: string | null;
}

/** A finding as one row, for files and programs. */
export function flat({ kind, day, team, entry, job, ledger, warehouse }: Finding): FlatFinding {
  const { atMs, projectId } = entry ?? { atMs: job.createdAtMs, projectId: job.projectId };
  return {
    kind,
    day,
    team,
    at: new Date(atMs).toISOString(),
    project: projectId,
    principal: job?.principal ?? entry?.principal ?? null,
    decision: entry?.decisionId ?? null,
    job: job === null ? (entry.settlement?.job ?? null) : jobName(job),
    ledgerBytes: String(ledger.bytesBilled),
    warehouseBytes: warehouse === null ? null : String(warehouse.bytesBilled),
    ledgerCurrency: ledger.cost.currency,
    ledgerMicros: String(ledger.cost.micros),
    warehouseCurrency: warehouse?.cost.currency ?? null,
    warehouseMicros: warehouse === null ? null : String(warehouse.cost.micros),
    sql: job?.sqlStart ?? null,
  };
}
