import type { Estimate } from '../../vocabulary/estimate.ts';
import type { Kpi } from '../../vocabulary/kpi.ts';
import type { Money } from '../../vocabulary/money.ts';
import type { RuleHit } from '../../vocabulary/policy.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import type { Card, Dashboard } from './export-contents.ts';

/** What is known about one SQL text in its place. */
export interface Appraisal {
  readonly reading: SqlReading;
  readonly kpi: Kpi | null;
  /** Names of the anti-patterns in it. */
  readonly antiPatterns: readonly string[];
  /** The SQL without its literals. */
  readonly plainSql: string;
  readonly price: Price;
}

/** What one run of a SQL text costs, and what the policies say about it; or why the warehouse did not price it. */
export type Price =
  | {
      readonly ok: true;
      readonly estimate: Estimate;
      readonly cost: Money;
      readonly hits: readonly RuleHit[];
      readonly legacy: readonly LegacyUse[];
    }
  /** The warehouse's reason and message. */
  | { readonly ok: false; readonly why: string };

/** A table that the catalog calls legacy. */
export interface LegacyUse {
  readonly table: string;
  readonly replacement: string | null;
  readonly owner: string | null;
}

/** Where the SQL runs does not change its price, but decides which rules apply. */
export type Appraise = (
  sql: string,
  where: { readonly card: Card; readonly dashboard: Dashboard | null },
) => Appraisal;
