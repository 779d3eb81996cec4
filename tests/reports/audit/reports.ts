import type { Appraise, LegacyUse } from '../../../src/reports/audit/appraisal.ts';
import { auditOf } from '../../../src/reports/audit/audit.ts';
import type { Dashboard } from '../../../src/reports/audit/export-contents.ts';
import { shownCards } from '../../../src/reports/audit/shown-cards.ts';
import type { Kpi } from '../../../src/vocabulary/kpi.ts';
import type { RuleHit } from '../../../src/vocabulary/policy.ts';
import type { SqlReading } from '../../../src/vocabulary/reading.ts';
import type { TableReference } from '../../../src/vocabulary/table.ts';
import { reading } from '../../vocabulary/readings.ts';
import { exportContents, today } from './builders.ts';

const usage = { viewsPerDay: 10, daysPerMonth: 20, hoursPerDay: 10, autoRefresh: new Map() };

/** Prices each SQL by its length, a micro for each character: enough to see what is added to what. */
export const byLength =
  (
    told: {
      hits?: (sql: string) => readonly RuleHit[];
      kpi?: (sql: string) => Kpi | null;
      legacy?: readonly LegacyUse[];
      /** What is behind the views of `reading`, by the dry run. */
      behind?: readonly TableReference[];
      reading?: Partial<SqlReading>;
    } = {},
  ): Appraise =>
  (sql) => ({
    reading: reading({ fingerprint: sql.replaceAll(/\d/g, ''), ...told.reading }),
    kpi: told.kpi?.(sql) ?? null,
    antiPatterns: [],
    plainSql: sql,
    price: sql.includes('broken')
      ? { ok: false, why: 'invalidQuery: no such column' }
      : {
          ok: true,
          estimate: {
            principal: null,
            statementType: 'SELECT',
            location: 'US',
            bytesProcessed: 0n,
            bytesBilled: BigInt(sql.length),
            accuracy: 'PRECISE',
            referencedTables: told.behind ?? [],
            madeAtMs: 0,
          },
          cost: { currency: 'USD', micros: BigInt(sql.length) },
          hits: told.hits?.(sql) ?? [],
          legacy: told.legacy ?? [],
        },
  });

export const dashboard = (
  id: string,
  cards: Dashboard['cards'],
  changes: Partial<Dashboard> = {},
): Dashboard => ({
  id,
  name: `dashboard ${id}`,
  collection: null,
  cards,
  cache: null,
  viewsPerDay: null,
  ...changes,
});

export const placed = (cardId: string, filterValues: ReadonlyMap<string, unknown> = new Map()) => ({
  cardId,
  filterValues,
});

export const hit = (rule: string): RuleHit => ({
  rule,
  mode: 'deny',
  message: 'no',
  source: { file: 'a.yaml', line: 3, column: 1 },
});

export function reportOn(
  cards: Parameters<typeof exportContents>[0],
  dashboards: readonly Dashboard[],
  appraise: Appraise = byLength(),
) {
  const of = exportContents(cards, { dashboards });
  return auditOf(of, shownCards(of, today), appraise, {
    madeAtMs: 0,
    source: 'export',
    projectId: 'p',
    team: 'T',
    principal: 't@x.example',
    currency: 'USD',
    usage,
  });
}
