import type { Appraise, LegacyUse, Price } from '../audit/appraisal.ts';
import type { Policy, Question } from '../policy/policy.ts';
import { kpiOf } from '../sql/kpi.ts';
import { readSql } from '../sql/read.ts';
import { retained } from '../sql/retention.ts';
import type { NameDefaults } from '../sql/table-names.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { Team } from '../vocabulary/policy.ts';
import { costOf, tariffFor } from '../vocabulary/pricing.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import { tableName } from '../vocabulary/table.ts';
import type { DryRunOutcome } from './audit-estimates.ts';

/** What the audit asks the policies with. */
export interface Asking {
  readonly policy: Policy;
  /** Whose rules are asked. */
  readonly team: Team;
  readonly principal: string | null;
  readonly defaults: NameDefaults;
  readonly atMs: number;
}

/** Reads, prices and judges SQL as the guard would, once all of it was dry-run. */
export function appraiser(dryRuns: ReadonlyMap<string, DryRunOutcome>, asking: Asking): Appraise {
  return (sql, { card, dashboard }) => {
    const reading = readSql(sql, asking.defaults);
    const dryRun = dryRuns.get(sql) ?? { ok: false, why: 'it was not dry-run' };
    const caller = { tool: 'metabase', person: null, card: card.id, dashboard: dashboard?.id ?? null };
    return {
      reading,
      kpi: kpiOf(sql, asking.defaults),
      antiPatterns: [],
      plainSql: retained(sql, 'masked'),
      price: dryRun.ok
        ? priceOf(
            reading,
            dryRun.estimate,
            { ...caller, principal: asking.principal, team: asking.team.name },
            asking,
          )
        : dryRun,
    };
  };
}

function priceOf(
  reading: SqlReading,
  estimate: Estimate,
  caller: Question['caller'],
  { policy, team, defaults, atMs }: Asking,
): Price {
  const tariff = tariffFor({ projectId: defaults.projectId, location: estimate.location }, policy.pricing);
  // A dry run says nothing of slots: where they are paid for, what the pricing takes an unknown query to need.
  const slotMs = tariff.model === 'editions' ? tariff.unknownSlotMs : 0n;
  const cost = costOf({ bytesBilled: estimate.bytesBilled, slotMs }, tariff);
  const { hits } = policy.decide({ reading, estimate, cost, caller, team, atMs });
  return { ok: true, estimate, cost, hits, legacy: legacyIn(reading, estimate, policy) };
}

function legacyIn(reading: SqlReading, estimate: Estimate, policy: Policy): readonly LegacyUse[] {
  const names = new Set(
    [...reading.tables.map(({ table }) => table), ...estimate.referencedTables].map(tableName),
  );
  return [...names].flatMap((table) => {
    const entry = policy.catalogEntryOf(table);
    if (entry?.status !== 'legacy') return [];
    return [{ table, replacement: entry.replacement ?? null, owner: entry.owner ?? null }];
  });
}
