import { bigintAsText } from '../../text/json.ts';
import { balances } from '../report.ts';
import { totalsOf } from '../totals.ts';
import { verdictOn } from '../verdict.ts';
import { flat } from './flat.ts';
import type { Printed } from './printed.ts';

/** The whole report as one JSON document; amounts are decimal text, since they may exceed 2^53. */
export function asJson({ report, span, timeZone, corrections }: Printed): string {
  const document = {
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    timeZone,
    balances: balances(report),
    verdict: verdictOn(report),
    corrections: corrections.entered,
    refusedCorrections: corrections.refused,
    totals: totalsOf(report),
    counts: report.counts,
    ownBytes: report.ownBytes,
    days: report.rows,
    unguarded: report.unguarded,
    findings: report.findings.map(flat),
  };
  return `${JSON.stringify(document, bigintAsText, 2)}\n`;
}
