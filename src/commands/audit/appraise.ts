import { estimateAsRead } from '../../estimate/as-read/as-read.ts';
import type { Policy, Question } from '../../policy/policy.ts';
import { unknownSlotMs } from '../../policy/slot-time.ts';
import type { Appraise, LegacyUse, Price } from '../../reports/audit/appraisal.ts';
import { kpiOf } from '../../sql/kpi.ts';
import { readSql } from '../../sql/read-sql.ts';
import type { NameDefaults } from '../../sql/table-names.ts';
import { mayLeaveReservation } from '../../sql/tokens/may-leave-reservation.ts';
import { mayMakeModel } from '../../sql/tokens/may-make-model.ts';
import { applyRetention } from '../../sql/tokens/sql-retention.ts';
import { antiPatternsOf } from '../../vocabulary/antipatterns/antipatterns-of.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import { foreseenModels } from '../../vocabulary/models.ts';
import type { Team } from '../../vocabulary/policy.ts';
import { costOf, tariffFor } from '../../vocabulary/pricing.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';
import type { DryRunOutcome } from './estimates.ts';

/** What the audit asks the policies with. */
export interface AppraisalInputs {
  readonly policy: Policy;
  /** Whose rules apply. */
  readonly team: Team;
  readonly principal: string | null;
  readonly defaults: NameDefaults;
  readonly atMs: number;
}

/** What the warehouse said about every SQL, and about the tables that they read. */
export interface DryRunsAndDefinitions {
  readonly dryRuns: ReadonlyMap<string, DryRunOutcome>;
  readonly definitions: ReadonlyMap<string, TableDefinition>;
}

/** Every table that the SQL names, or that the warehouse found behind views. */
export function tablesRead(
  dryRuns: ReadonlyMap<string, DryRunOutcome>,
  defaults: NameDefaults,
): readonly TableReference[] {
  return [...dryRuns].flatMap(([sql, dryRun]) => [
    ...readSql(sql, defaults).tables.map(({ table }) => table),
    ...(dryRun.ok ? dryRun.estimate.referencedTables : []),
  ]);
}

/** Reads, prices and judges SQL as the guard would, once all of it has been dry-run. */
export function appraiser(answers: DryRunsAndDefinitions, inputs: AppraisalInputs): Appraise {
  return (sql, { card, dashboard }) => {
    const reading = readSql(sql, inputs.defaults);
    const dryRun = answers.dryRuns.get(sql) ?? { ok: false, why: 'it was not dry-run' };
    const caller = {
      tool: 'metabase',
      person: null,
      card: card.id,
      dashboard: dashboard?.id ?? null,
      principal: inputs.principal,
      team: inputs.team.name,
    };
    return {
      reading,
      kpi: kpiOf(sql, inputs.defaults),
      antiPatterns: antiPatternsIn(reading, answers, inputs.policy),
      plainSql: applyRetention(sql, 'masked'),
      price: dryRun.ok ? priceOf({ sql, reading, caller, dryRun: dryRun.estimate }, answers, inputs) : dryRun,
    };
  };
}

/** SQL that the warehouse has dry-run, and who would send it. */
interface PricedSql {
  readonly sql: string;
  readonly reading: SqlReading;
  readonly caller: Question['caller'];
  readonly dryRun: Estimate;
}

function priceOf(
  { sql, reading, caller, dryRun }: PricedSql,
  { definitions }: DryRunsAndDefinitions,
  { policy, team, defaults, atMs }: AppraisalInputs,
): Price {
  const { projectId } = defaults;
  const estimate = estimateAsRead(dryRun, reading);
  const { location, statementType } = estimate;
  const models = foreseenModels(statementType, () => mayMakeModel(sql));
  const tariff = tariffFor({ projectId, location, models }, policy.pricing, () => mayLeaveReservation(sql));
  // A dry run says nothing about slots: where they are paid for, use what the pricing assumes for an unknown query.
  const slotMs = tariff.model === 'editions' ? unknownSlotMs(policy.pricing) : 0n;
  const cost = costOf({ bytesBilled: estimate.bytesBilled, slotMs }, tariff);
  const { hits } = policy.decide({
    reading,
    estimate,
    cost,
    caller,
    team,
    atMs,
    background: { definitions },
  });
  return { ok: true, estimate, cost, hits, legacy: legacyIn(reading, estimate, policy) };
}

/** Names of the anti-patterns that hold, given what the catalog and the warehouse say about the tables. */
function antiPatternsIn(
  reading: SqlReading,
  { definitions }: DryRunsAndDefinitions,
  policy: Policy,
): readonly string[] {
  const findings = antiPatternsOf(
    reading,
    (table) => {
      const name = tableName(table);
      return policy.catalogEntry(name)?.partitionColumn ?? definitions.get(name)?.partitionColumn ?? null;
    },
    (table) => definitions.get(tableName(table))?.bytes ?? null,
  );
  return findings.map(({ name }) => name);
}

function legacyIn(reading: SqlReading, estimate: Estimate, policy: Policy): readonly LegacyUse[] {
  const names = new Set(
    [...reading.tables.map(({ table }) => table), ...estimate.referencedTables].map(tableName),
  );
  return [...names].flatMap((table) => {
    const entry = policy.catalogEntry(table);
    if (entry?.status !== 'legacy') return [];
    return [{ table, replacement: entry.replacement, owner: entry.owner }];
  });
}
