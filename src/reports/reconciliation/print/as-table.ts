import { compare } from '../../../foundation/lists/compare.ts';
import { alignColumns } from '../../../foundation/text/text-table.ts';
import { formatBytes } from '../../../vocabulary/bytes.ts';
import { formatMoney } from '../../../vocabulary/money.ts';
import type { Corrected } from '../corrections.ts';
import {
  type Amount,
  type FindingKind,
  findingKinds,
  type ReconciliationStatus,
  type Report,
} from '../report.ts';
import { gapOf } from '../totals.ts';
import { counted, verdictOn } from '../verdict.ts';
import { dayLines } from './day-lines.ts';
import { flat } from './flat.ts';
import type { Printed } from './printed.ts';

/** How many findings of each kind are shown. The other formats have longer lists. */
export const MOST_SHOWN = 20;

const TITLES: Readonly<Record<FindingKind, string>> = {
  unguarded: 'Jobs that bypassed guardrail',
  differs: 'Decisions settled at other figures than their jobs',
  mispriced: "Decisions settled at prices that are not their jobs'",
  unsettled: 'Decisions not settled though their jobs have ended',
  missing: 'Decisions taken to have run, whose jobs are not found',
  twice: 'Decisions charged for jobs that other decisions pay for',
};

/** For a person to read at a glance; the last line is the verdict. */
export function asTable({ report, span, timeZone, corrections }: Printed): string {
  const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
  const lines = [
    `Ledger and warehouse from ${from} to ${to}, days in ${timeZone}`,
    '',
    ...dayLines(report.rows),
    ...unguardedLines(report),
    ...findingKinds.flatMap((kind) => findingLines(report, kind)),
    ...leftOutLines(report),
    ...correctionLines(corrections),
    verdictOn(report),
  ];
  return `${lines.join('\n')}\n`;
}

function correctionLines({ entered, refused }: Corrected): readonly string[] {
  const messages =
    entered === 0
      ? []
      : [
          `${counted(entered, 'correction was', 'corrections were')} entered. This report is from before they were entered: reconcile again to see the result.`,
        ];
  return [...messages, ...refused.map((why) => `A correction could not be entered: ${why}`)];
}

function unguardedLines({ unguarded: principals }: Report): readonly string[] {
  if (principals.length === 0) return [];
  const cells = principals
    .slice(0, MOST_SHOWN)
    .map(({ principal, team, jobs, bytesBilled, hidden }) => [
      '!',
      principal ?? '(unknown)',
      team,
      counted(jobs, 'job', 'jobs'),
      bytesAndHidden(bytesBilled, hidden),
    ]);
  return ['Who bypassed guardrail', ...alignColumns(cells, 3), ...more(principals.length), ''];
}

function findingLines(report: Report, kind: FindingKind): readonly string[] {
  const findings = report.findings
    .filter((finding) => finding.kind === kind)
    .toSorted((a, b) => compare(gapOf(b), gapOf(a)));
  if (findings.length === 0) return [];
  const cells = findings.slice(0, MOST_SHOWN).map((finding) => {
    const { at, principal, decision, job, sql } = flat(finding);
    return [
      '!',
      at,
      finding.team === '' ? '(none)' : finding.team,
      principal ?? '(unknown)',
      decision ?? '',
      job ?? '(no job)',
      shown(finding.ledger, kind),
      finding.warehouse === null ? 'hidden' : shown(finding.warehouse, kind),
      onOneLine(sql ?? ''),
    ];
  });
  return [
    `${TITLES[kind]}: ${sumsOf(report, kind)}`,
    ...alignColumns(cells, 6),
    ...more(report.totals[kind].count),
    '',
  ];
}

/** A finding's bytes in one of the books, or its cost if both have the same bytes. */
function shown({ bytesBilled, cost }: Amount, kind: FindingKind): string {
  return kind === 'mispriced' ? formatMoney(cost) : formatBytes(bytesBilled);
}

function sumsOf(report: Report, kind: FindingKind): string {
  const { count, ledgerBytes, warehouseBytes, hidden } = report.totals[kind];
  if (kind === 'mispriced') return `${count.toLocaleString('en')}, ${formatBytes(ledgerBytes)} in both`;
  return `${count.toLocaleString('en')}, ${formatBytes(ledgerBytes)} in the ledger, ${bytesAndHidden(warehouseBytes, hidden)} in the warehouse`;
}

const LEFT_OUT: readonly (readonly [ReconciliationStatus, 'decisions' | 'jobs', string, string])[] = [
  ['running', 'jobs', 'job still runs or has only just ended', 'jobs still run or have only just ended'],
  [
    'hidden',
    'jobs',
    'job whose bytes the warehouse does not report',
    'jobs whose bytes the warehouse does not report',
  ],
  [
    'elsewhere',
    'decisions',
    'decision of a place that was not read',
    'decisions of places that were not read',
  ],
];

function leftOutLines({ counts, ownBytes }: Report): readonly string[] {
  const lines = LEFT_OUT.flatMap(([status, of, one, many]) => {
    const count = counts[status][of];
    return count === 0 ? [] : [`Left out: ${counted(count, one, many)}.`];
  });
  const own = counts.own.jobs;
  return own === 0
    ? lines
    : [...lines, `Reconciling itself: ${counted(own, 'job', 'jobs')}, ${formatBytes(ownBytes)}.`];
}

function more(count: number): readonly string[] {
  return count > MOST_SHOWN
    ? [`  … and ${(count - MOST_SHOWN).toLocaleString('en')} more: see --format json or csv`]
    : [];
}

function bytesAndHidden(bytes: bigint, hidden: number): string {
  return hidden === 0
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} and ${hidden.toLocaleString('en')} hidden`;
}

/** Control characters in other people's SQL could overwrite the terminal. */
function onOneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ').trim();
}
