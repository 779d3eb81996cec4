import { bigintAsText } from '../../../foundation/text/json.ts';
import { balances } from '../report.ts';
import { totalsOf } from '../totals.ts';
import { verdictOn } from '../verdict.ts';
import { flat } from './flat.ts';
import type { Printed } from './printed.ts';

/**
 * The whole report as one JSON document, in parts: that on a million findings is longer than a text can be. Amounts are
 * decimal text, since they may exceed 2^53.
 */
export function* asJson({ report, span, timeZone, corrections }: Printed): Generator<string> {
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
  };
  yield `${indented(document, 0).slice(0, -'\n}'.length)},\n  "findings": [`;
  let between = '\n';
  for (const finding of report.findings) {
    yield `${between}    ${indented(flat(finding), 4)}`;
    between = ',\n';
  }
  yield report.findings.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
}

/** JSON whose lines after the first begin with this many spaces more. */
function indented(value: unknown, spaces: number): string {
  return JSON.stringify(value, bigintAsText, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
