import type { TimeSpan } from '../vocabulary/time-span.ts';
import type { Corrected } from './corrections.ts';
import type { Report } from './report.ts';

/** What is printed of a reconciliation. */
export interface Printed {
  readonly report: Report;
  readonly span: TimeSpan;
  readonly timeZone: string;
  readonly corrections: Corrected;
}
