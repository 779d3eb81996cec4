import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { LedgerSchema } from '../ledger/schema.ts';
import { tariffColumns } from '../ledger/settled-tariff.ts';
import { storable, storableText } from '../ledger/storable.ts';

import {
  type Decision,
  type Outcome,
  outcomes,
  type Settlement,
  type SettlementSource,
  settlementSources,
} from '../vocabulary/decision.ts';
import type { Tariff } from '../vocabulary/pricing.ts';
import { type DecisionDetails, decisionDetails, detailsOf } from './decisions/decision-record.ts';

type DecisionRow = Selectable<LedgerSchema['decisions']>;
type SettlementRow = Selectable<LedgerSchema['settlements']>;

const outcome: z.ZodType<Outcome> = z.enum(outcomes);
const source: z.ZodType<SettlementSource> = z.enum(settlementSources);

/** @throws LedgerError if an amount is more than the ledger can hold */
export function rowOfDecision(decision: Decision): DecisionRow {
  const { caller, estimate, estimatedCost } = decision;
  return {
    id: decision.id,
    at_ms: BigInt(decision.atMs),
    project_id: storableText(decision.projectId),
    team: caller.team,
    principal: textOrNull(caller.principal),
    tool: textOrNull(caller.tool),
    person: textOrNull(caller.person),
    dashboard: textOrNull(caller.dashboard),
    card: textOrNull(caller.card),
    sql: storableText(decision.sql),
    fingerprint: decision.reading.fingerprint,
    outcome: decision.outcome,
    cause: textOrNull(decision.cause),
    estimated_bytes_processed: storableOrNull(estimate?.bytesProcessed, 'The estimate of bytes processed'),
    estimated_bytes_billed: storableOrNull(estimate?.bytesBilled, 'The estimate of bytes billed'),
    estimated_cost_micros: storableOrNull(estimatedCost?.micros, 'The estimated cost in micros'),
    estimated_currency: estimatedCost?.currency ?? null,
    maximum_bytes_billed: storableOrNull(decision.maximumBytesBilled, 'maximumBytesBilled'),
    details: JSON.stringify(detailsOf(decision)),
  };
}

export function decisionFrom(row: DecisionRow): Decision {
  const details = decisionDetails.parse(JSON.parse(row.details));
  return {
    id: row.id,
    atMs: Number(row.at_ms),
    projectId: row.project_id,
    caller: {
      principal: row.principal,
      team: row.team,
      tool: row.tool,
      person: row.person,
      dashboard: row.dashboard,
      card: row.card,
    },
    sql: row.sql,
    sqlRetention: details.sqlRetention,
    reading: { ...details.reading, fingerprint: row.fingerprint },
    estimate: estimateFrom(row, details),
    estimatedCost: estimatedCostFrom(row),
    estimateCached: details.estimateCached,
    ...(details.writes === undefined ? {} : { writes: details.writes }),
    outcome: outcome.parse(row.outcome),
    cause: row.cause,
    hits: details.hits,
    maximumBytesBilled: row.maximum_bytes_billed,
    overheadMs: details.overheadMs,
    ...(details.stepMs === undefined ? {} : { stepMs: details.stepMs }),
  };
}

/**
 * @param tariff how it was priced; null if its cost was known
 * @throws LedgerError if an amount is more than the ledger can hold
 */
export function rowOfSettlement(
  settlement: Settlement,
  version: bigint,
  tariff: Tariff | null,
): SettlementRow {
  return {
    decision_id: settlement.decisionId,
    version,
    at_ms: BigInt(settlement.atMs),
    job_id: textOrNull(settlement.jobId),
    bytes_processed: storable(settlement.bytesProcessed, 'The count of bytes processed'),
    bytes_billed: storable(settlement.bytesBilled, 'The count of bytes billed'),
    free_bytes: storable(settlement.freeBytes, 'The count of free bytes'),
    cost_micros: storable(settlement.cost.micros, 'The cost in micros'),
    currency: settlement.cost.currency,
    cache_hit: settlement.cacheHit ? 1n : 0n,
    slot_ms: settlement.slotMs === null ? null : BigInt(settlement.slotMs),
    duration_ms: settlement.durationMs === null ? null : BigInt(Math.round(settlement.durationMs)),
    error_reason: textOrNull(settlement.errorReason),
    source: settlement.source,
    ...tariffColumns(tariff),
  };
}

export function settlementFrom(row: SettlementRow): Settlement {
  return {
    decisionId: row.decision_id,
    atMs: Number(row.at_ms),
    jobId: row.job_id,
    bytesProcessed: row.bytes_processed,
    bytesBilled: row.bytes_billed,
    freeBytes: row.free_bytes,
    cost: { currency: row.currency, micros: row.cost_micros },
    cacheHit: row.cache_hit === 1n,
    slotMs: row.slot_ms === null ? null : Number(row.slot_ms),
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    errorReason: row.error_reason,
    source: source.parse(row.source),
  };
}

function estimateFrom(row: DecisionRow, details: DecisionDetails): Decision['estimate'] {
  const { estimated_bytes_processed: bytesProcessed, estimated_bytes_billed: bytesBilled } = row;
  if (details.estimate === null || bytesProcessed === null || bytesBilled === null) return null;
  return { ...details.estimate, bytesProcessed, bytesBilled };
}

function estimatedCostFrom(row: DecisionRow): Decision['estimatedCost'] {
  const { estimated_cost_micros: micros, estimated_currency: currency } = row;
  return micros === null || currency === null ? null : { currency, micros };
}

function storableOrNull(amount: bigint | null | undefined, what: string): bigint | null {
  return amount === null || amount === undefined ? null : storable(amount, what);
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : storableText(text);
}
