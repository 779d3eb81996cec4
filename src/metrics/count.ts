import type { Decision, Settlement } from '../vocabulary/decision.ts';
import { namedByDryRun } from '../vocabulary/estimate.ts';
import { tableName } from '../vocabulary/table.ts';
import { ruleModeLabel, statementTypeLabel } from './labels.ts';
import type { Metrics } from './metrics.ts';

/** The catalog's entry for a table by its full name, or null. */
export type CatalogLookup = (table: string) => { readonly table: string; readonly status: string } | null;

/** Counts a decision. Nothing that callers can make up is in its labels. */
export function countDecision(decision: Decision, catalogEntry: CatalogLookup, metrics: Metrics): void {
  const labels = { team: decision.caller.team };
  const exemplarLabels = { decision: decision.id };
  const value = Number(decision.estimate?.bytesBilled ?? 0n);
  metrics.queries.inc({ ...labels, statement_type: statementOf(decision), decision: decision.outcome });
  metrics.bytesEstimated.inc({ labels, value, exemplarLabels });
  if (decision.outcome === 'refused') metrics.bytesRefused.inc({ labels, value, exemplarLabels });
  if (decision.reading.reader === 'none' && decision.sql !== '') metrics.unreadSql.inc(labels);
  for (const hit of decision.hits) metrics.ruleHits.inc({ rule: hit.rule, mode: ruleModeLabel(hit) });
  for (const table of legacyEntries(decision, catalogEntry))
    metrics.legacyTableQueries.inc({ table, ...labels });
  metrics.overheadSeconds.observe({ value: decision.overheadMs / 1000, exemplarLabels });
}

/** Counts what a team's query came to. */
export function countSettlement(settlement: Settlement, team: string, metrics: Metrics): void {
  const labels = { team };
  const exemplarLabels = { decision: settlement.decisionId };
  const billed = Number(settlement.bytesBilled);
  const { currency, micros } = settlement.cost;
  metrics.settlements.inc({ source: settlement.source });
  metrics.bytesProcessed.inc({ labels, value: Number(settlement.bytesProcessed), exemplarLabels });
  metrics.bytesBilled.inc({ labels, value: billed, exemplarLabels });
  metrics.queryBytes.observe({ labels, value: billed, exemplarLabels });
  metrics.cost.inc({ team, currency }, Number(micros) / 1e6);
  if (settlement.cacheHit) metrics.cacheHits.inc(labels);
  if (settlement.durationMs !== null) {
    metrics.querySeconds.observe({ labels, value: settlement.durationMs / 1000, exemplarLabels });
  }
}

function statementOf({ estimate, reading }: Decision): string {
  return statementTypeLabel(estimate?.statementType ?? reading.statement);
}

/** By the catalog's own entries, so that the label has only as many values as those. */
function legacyEntries({ estimate, reading }: Decision, catalogEntry: CatalogLookup): ReadonlySet<string> {
  const read = [...namedByDryRun(estimate), ...reading.tables.map(({ table }) => table)];
  const entries = [...new Set(read.map(tableName))].map(catalogEntry);
  return new Set(entries.flatMap((entry) => (entry?.status === 'legacy' ? [entry.table] : [])));
}
