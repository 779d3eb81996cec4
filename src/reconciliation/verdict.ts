import { type Bytes, formatBytes } from '../vocabulary/bytes.ts';
import { balances, type FindingKind, findingKinds, type Report } from './report.ts';
import { totalOf, totalsOf } from './totals.ts';

/** How each kind is counted in a sentence. */
const COUNTED: Readonly<Record<FindingKind, readonly [one: string, many: string]>> = {
  unguarded: ['job that never passed the guardrail', 'jobs that never passed the guardrail'],
  differs: ['decision settled at other figures', 'decisions settled at other figures'],
  unsettled: [
    'decision not settled though its job has ended',
    'decisions not settled though their jobs have ended',
  ],
  missing: ['decision whose job is not found', 'decisions whose jobs are not found'],
  twice: [
    'decision charged for a job that another pays for',
    'decisions charged for jobs that others pay for',
  ],
};

/** In one sentence: whether the books balance, and by how much they do not. */
export function verdictOn(report: Report): string {
  const { ledgerBytes, warehouseBytes } = totalsOf(report);
  if (balances(report)) {
    const agreed = counted(
      report.counts.agrees.decisions,
      'decision agrees with its job',
      'decisions agree with their jobs',
    );
    return `The books balance: ${agreed}, ${formatBytes(ledgerBytes)} billed.`;
  }
  const found = findingKinds.flatMap((kind) => {
    const { count } = totalOf(report, kind);
    return count === 0 ? [] : [counted(count, ...COUNTED[kind])];
  });
  return `The books do not balance: ${found.join(', ')}; ${differenceOf(ledgerBytes, warehouseBytes, hiddenIn(report))}.`;
}

function hiddenIn(report: Report): number {
  return findingKinds.reduce((sum, kind) => sum + totalOf(report, kind).hidden, 0);
}

function differenceOf(ledgerBytes: Bytes, warehouseBytes: Bytes, hidden: number): string {
  const untold = `the warehouse does not tell what it billed for ${counted(hidden, 'job', 'jobs')}`;
  if (warehouseBytes === ledgerBytes) return hidden > 0 ? untold : 'the sums are equal, so errors cancel out';
  const [gap, word] =
    warehouseBytes > ledgerBytes
      ? [warehouseBytes - ledgerBytes, 'more']
      : [ledgerBytes - warehouseBytes, 'less'];
  const difference = `the warehouse billed ${formatBytes(gap)} ${word} than the ledger holds`;
  return hidden > 0 ? `${difference}; ${untold}` : difference;
}

/** So many of something, in words of an English sentence. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
