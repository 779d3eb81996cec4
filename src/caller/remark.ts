import { lookerRemark } from './remarks/looker.ts';
import { metabaseRemark } from './remarks/metabase.ts';
import { redashRemark } from './remarks/redash.ts';
import type { LeadingRemark } from './remarks/remark.ts';
import { supersetRemark } from './remarks/superset.ts';

export type { LeadingRemark };

const READERS = [metabaseRemark, redashRemark, lookerRemark, supersetRemark];

/**
 * The remark at the very beginning of the SQL, which is removed from it, or null. It counts only there: anyone can type
 * a later one.
 */
export function leadingRemarkOf(sql: string): LeadingRemark | null {
  for (const read of READERS) {
    const remark = read(sql);
    if (remark !== null) return remark;
  }
  return null;
}

/** The SQL without its leading remark. */
export function withoutLeadingRemark(sql: string, remark: LeadingRemark): string {
  return sql.slice(remark.text.length);
}
