import type { Report, Span } from './report.ts';

/** What is printed of a reconciliation. */
export interface Printed {
  readonly report: Report;
  readonly span: Span;
  readonly timeZone: string;
  /** How many corrections were entered. */
  readonly corrections: number;
}
