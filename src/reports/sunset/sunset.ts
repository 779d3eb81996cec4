import type { CatalogEntry } from '../../vocabulary/table.ts';
import { type Evidence, type SunsetReport, useKinds } from './report.ts';
import type { TalliedUses } from './tally.ts';
import { judge } from './verdict.ts';

/** What a table's sunset is judged by. */
export interface SunsetBasis {
  readonly table: string;
  readonly entry: CatalogEntry | null;
  readonly nowMs: number;
  readonly timeZone: string;
  readonly days: number;
  readonly evidence: Evidence;
}

/** Who uses a table, and whether it can be retired. */
export function sunsetReport(basis: SunsetBasis, uses: TalliedUses): SunsetReport {
  const { table, entry, nowMs, timeZone, days, evidence } = basis;
  const recentUses = useKinds.reduce((sum, kind) => sum + uses.recent[kind], 0);
  const judged = judge({ days, nowMs, timeZone, recentUses, evidence });
  return { table, entry, nowMs, timeZone, days, ...judged, evidence, ...uses };
}
