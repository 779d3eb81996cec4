import type { TimeSpan } from '../../../vocabulary/time-span.ts';
import type { Corrected } from '../corrections.ts';
import type { Report } from '../report.ts';

/** The parts of a reconciliation that are printed. */
export interface Printed {
  readonly report: Report;
  readonly span: TimeSpan;
  readonly timeZone: string;
  readonly corrections: Corrected;
}
