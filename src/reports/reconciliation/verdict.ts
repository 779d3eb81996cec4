import { formatBytes } from '../../vocabulary/bytes.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import { balances, type FindingKind, findingKinds, type Report } from './report.ts';
import { type Totals, totalsOf } from './totals.ts';

/** How each kind is counted in a sentence. */
const COUNTED: Readonly<Record<FindingKind, readonly [one: string, many: string]>> = {
  unguarded: ['job that bypassed guardrail', 'jobs that bypassed guardrail'],
  differs: ['decision settled at other figures', 'decisions settled at other figures'],
  mispriced: [
    "decision settled at a price that is not its job's",
    "decisions settled at prices that are not their jobs'",
  ],
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

/** In one sentence: whether the books balance, and if not, by how much. */
export function verdictOn(report: Report): string {
  const totals = totalsOf(report);
  if (balances(report)) {
    const agreed = counted(
      report.counts.agrees.decisions,
      'decision agrees with its job',
      'decisions agree with their jobs',
    );
    return `The books balance: ${agreed}, ${formatBytes(totals.ledgerBytes)} billed.`;
  }
  const found = findingKinds.flatMap((kind) => {
    const { count } = report.totals[kind];
    return count === 0 ? [] : [counted(count, ...COUNTED[kind])];
  });
  return `The books do not balance: ${found.join(', ')}; ${differenceOf(totals, hiddenIn(report))}.`;
}

function hiddenIn(report: Report): number {
  return findingKinds.reduce((sum, kind) => sum + report.totals[kind].hidden, 0);
}

function differenceOf({ ledgerBytes, warehouseBytes, costs }: Totals, hidden: number): string {
  const unreported = `the warehouse does not report what it billed for ${counted(hidden, 'job', 'jobs')}`;
  if (warehouseBytes === ledgerBytes) return hidden > 0 ? unreported : costDifference(costs);
  const [gap, word] =
    warehouseBytes > ledgerBytes
      ? [warehouseBytes - ledgerBytes, 'more']
      : [ledgerBytes - warehouseBytes, 'less'];
  const difference = `the warehouse billed ${formatBytes(gap)} ${word} than the ledger holds`;
  return hidden > 0 ? `${difference}; ${unreported}` : difference;
}

/** If the bytes are equal. */
function costDifference(costs: Totals['costs']): string {
  const gaps = costs.flatMap(({ currency, ledgerMicros, warehouseMicros }) => {
    const micros = warehouseMicros - ledgerMicros;
    if (micros === 0n) return [];
    const gap = formatMoney({ currency, micros: micros < 0n ? -micros : micros });
    return [`${gap} ${micros > 0n ? 'more' : 'less'}`];
  });
  return gaps.length === 0
    ? 'the sums are equal, so errors cancel out'
    : `the bytes are equal, and the jobs come to ${gaps.join(' and ')} than the ledger holds`;
}

/** A count of something, for an English sentence. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
