import { lookerRemark } from './looker.ts';
import { metabaseRemark } from './metabase.ts';
import { redashRemark } from './redash.ts';
import type { LeadingRemark } from './remark.ts';
import { supersetRemark } from './superset.ts';

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
