import { describe, expect, it } from 'vitest';
import type { WarehouseJob } from '../../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type { LedgerEntry } from '../../../../src/reports/reconciliation/ledger/ledger-entry.ts';
import { asCsv } from '../../../../src/reports/reconciliation/print/as-csv.ts';
import { asJson } from '../../../../src/reports/reconciliation/print/as-json.ts';
import { asTable } from '../../../../src/reports/reconciliation/print/as-table.ts';
import type { Printed } from '../../../../src/reports/reconciliation/print/printed.ts';
import { reconcile } from '../../../../src/reports/reconciliation/reconcile.ts';
import { MIB } from '../../../../src/vocabulary/bytes.ts';
import { entry, job, noon, options, settlement } from '../builders.ts';

function printed(entries: readonly LedgerEntry[], jobs: readonly WarehouseJob[]): Printed {
  const { span } = options();
  return {
    report: reconcile(entries, jobs, options()),
    span,
    timeZone: 'UTC',
    corrections: { entered: 0, refused: [] },
  };
}

const billed = settlement({ bytesBilled: 10n * MIB });
const balanced = printed([entry({ settlement: billed })], [job({ bytesBilled: 10n * MIB })]);
const roundabout = job({
  jobId: 'round',
  principal: 'bob@example.com',
  bytesBilled: 20n * MIB,
  sqlStart: '=cmd()\n\u001b[2J FROM t',
});
const unbalanced = printed([entry({ settlement: billed })], [job({ bytesBilled: 9n * MIB }), roundabout]);

function text(parts: Iterable<string>): string {
  return [...parts].join('');
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

describe('the table', () => {
  it('says in its last line that the books balance, and what was billed', () => {
    expect(lastLine(asTable(balanced))).toBe(
      'The books balance: 1 decision agrees with its job, 10 MiB billed.',
    );
    expect(asTable(balanced)).not.toContain('!');
  });

  it('says in its last line what does not balance and by how much', () => {
    expect(lastLine(asTable(unbalanced))).toBe(
      'The books do not balance: 1 job that bypassed guardrail, 1 decision settled at other figures; the warehouse billed 19 MiB more than the ledger holds.',
    );
  });

  it('adds both books up in a last line, each currency by itself', () => {
    const inReais = settlement({
      job: 'guardrail-demo:US.other',
      cost: { currency: 'BRL', micros: 5_000_000n },
    });
    const dollars = settlement({ bytesBilled: 10n * MIB, cost: { currency: 'USD', micros: 1_250_000n } });
    const table = asTable(
      printed(
        [
          entry({ decisionId: 'first', settlement: dollars }),
          entry({ decisionId: 'second', team: 'finops', settlement: { ...dollars, job: null } }),
          entry({ decisionId: 'third', settlement: inReais }),
        ],
        [job({ bytesBilled: 10n * MIB })],
      ),
    );

    expect(table).toMatch(/^ {3}total +2 +1 +20 MiB +10 MiB +-10 MiB +\$2\.50 +\$1\.25$/m);
    expect(table).toMatch(/^ {3}total +1 +0 +.*R\$5\.00 +R\$0\.00$/m);
  });

  it('says so even if errors cancel each other out', () => {
    const first = entry({ decisionId: 'first', settlement: settlement({ bytesBilled: 9n }) });
    const missing = settlement({ job: 'guardrail-demo:US.gone', bytesBilled: 1n });
    const cancelled = printed(
      [first, entry({ decisionId: 'second', atMs: noon + 1, settlement: missing })],
      [job({ bytesBilled: 10n })],
    );

    expect(lastLine(asTable(cancelled))).toMatch(
      /do not balance: .*; the sums are equal, so errors cancel out\.$/,
    );
  });

  it('shows the difference that a wrong price makes when the bytes are equal', () => {
    const priced = { model: 'editions', currency: 'USD', microsPerSlotHour: 1n } as const;
    const cheap = settlement({
      tariff: priced,
      bytesBilled: 10n * MIB,
      cost: { currency: 'USD', micros: 0n },
    });

    const table = asTable(printed([entry({ settlement: cheap })], [job({ bytesBilled: 10n * MIB })]));

    expect(table).toContain("Decisions settled at prices that are not their jobs': 1, 10 MiB in both\n");
    expect(table).toMatch(/guardrail-demo:US\.job +\$0\.00 +\$10\.49/);
    expect(lastLine(table)).toBe(
      "The books do not balance: 1 decision settled at a price that is not its job's; the bytes are equal, and the jobs come to $10.49 more than the ledger holds.",
    );
  });

  it('marks the days that differ, and names who bypassed guardrail', () => {
    const lines = asTable(unbalanced).split('\n');

    expect(lines.filter((line) => line.startsWith('!') && line.includes('2026-11-24  '))).toHaveLength(2);
    expect(lines).toContainEqual(
      expect.stringMatching(/^! {2}bob@example\.com {2}unassigned {2}1 job {2}20 MiB$/),
    );
  });

  it('says how many corrections were entered, and of each other one why it was not', () => {
    const table = asTable({
      ...unbalanced,
      corrections: { entered: 2, refused: ['Decision a settles in BRL.', 'Decision b is too large.'] },
    });

    expect(table).toContain('2 corrections were entered. This report is from before they were entered');
    expect(table).toContain('A correction could not be entered: Decision a settles in BRL.\n');
    expect(table).toContain('A correction could not be entered: Decision b is too large.\n');
    expect(asTable(unbalanced)).not.toMatch(/corrections? (was|were|could)/);
  });

  it('says what it leaves out, and nothing of what is not there', () => {
    const running = job({ jobId: 'running', endedAtMs: null });
    const own = job({ jobId: 'own', ofReconciliation: true, bytesBilled: 10n * MIB });
    const table = asTable(
      printed([entry({ location: 'EU', settlement: settlement({ job: null }) })], [running, own]),
    );

    expect(table).toContain('Left out: 1 job still runs or has only just ended.\n');
    expect(table).toContain('Left out: 1 decision of a place that was not read.\n');
    expect(table).toContain('Reconciling itself: 1 job, 10 MiB.\n');
    expect(asTable(balanced)).not.toMatch(/Left out|Reconciling itself|bypassed/);
    expect(asTable(printed([], []))).toContain('No query ran.\n');
  });

  it('shows twenty jobs and principals, those that were billed most first, and how many more there are', () => {
    const jobs = Array.from({ length: 22 }, (_, i) =>
      job({ jobId: `j${i}`, principal: `p${i}@example.com`, bytesBilled: BigInt(i + 1) * 10n * MIB }),
    );
    const table = asTable(printed([], jobs));
    const shown = table.split('\n').filter((line) => line.includes('guardrail-demo:US.j'));

    expect(shown).toHaveLength(20);
    expect(shown[0]).toContain('US.j21');
    expect(table.match(/unassigned +1 job/g)).toHaveLength(20);
    expect(table.match(/… and 2 more: see --format json or csv/g)).toHaveLength(2);
    expect(asTable(printed([], jobs.slice(2)))).not.toContain('more: see');
  });

  it('keeps SQL on one line and removes terminal control characters from it', () => {
    expect(asTable(unbalanced)).toContain('=cmd() [2J FROM t');
    expect(asTable(unbalanced)).not.toContain('\u001b');
  });
});

describe('a job whose bytes the warehouse does not report', () => {
  const unreported = printed([], [{ ...roundabout, bytesBilled: null }]);

  it('is named in the table without a number of bytes', () => {
    const table = asTable(unreported);

    expect(table).toContain('!  bob@example.com  unassigned  1 job  0 B and 1 hidden\n');
    expect(table).toMatch(/guardrail-demo:US\.round +0 B +hidden/);
    expect(lastLine(table)).toBe(
      'The books do not balance: 1 job that bypassed guardrail; the warehouse does not report what it billed for 1 job.',
    );
  });

  it('has no warehouse amounts in the other formats', () => {
    expect(JSON.parse(text(asJson(unreported))).findings).toMatchObject([
      { kind: 'unguarded', warehouseBytes: null, warehouseCurrency: null, warehouseMicros: null },
    ]);
    expect(text(asCsv(unreported)).split('\n')[2]).toContain('guardrail-demo:US.round,0,,USD,0,,,');
  });
});

describe('the other formats', () => {
  it('give JSON with amounts as text', () => {
    expect(JSON.parse(text(asJson(unbalanced)))).toMatchObject({
      balances: false,
      totals: { ledgerBytes: String(10n * MIB), warehouseBytes: String(29n * MIB) },
      unguarded: [{ principal: 'bob@example.com', jobs: 1 }],
      findings: [
        { kind: 'differs', decision: 'decision', job: 'guardrail-demo:US.job' },
        { kind: 'unguarded', decision: null, job: 'guardrail-demo:US.round' },
      ],
    });
  });

  it.each([
    ['no finding', balanced],
    ['several findings', unbalanced],
  ])('give JSON in one layout, with %s', (_how, of) => {
    const json = text(asJson(of));

    expect(json).toBe(`${JSON.stringify(JSON.parse(json), null, 2)}\n`);
  });

  it('give all of more findings than are text at once, in CSV under one heading', () => {
    const jobs = Array.from({ length: 1_001 }, (_, i) => job({ jobId: `round-${i}` }));
    const many = printed([], jobs);

    const lines = text(asCsv(many)).trimEnd().split('\n');

    expect(lines.filter((line) => line.startsWith('kind,'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('unguarded,'))).toHaveLength(1_001);
    expect(JSON.parse(text(asJson(many))).findings).toHaveLength(1_001);
  });

  it('give CSV whose cells no spreadsheet runs as formulas', () => {
    const [heading, ...lines] = text(asCsv(unbalanced)).split('\n');

    expect(heading).toBe(
      'kind,day,team,decisions,jobs,at,project,principal,decision,job,ledgerBytes,warehouseBytes,ledgerCurrency,ledgerMicros,warehouseCurrency,warehouseMicros,sql',
    );
    expect(lines[0]).toMatch(/^day,2026-11-24,atendimento,1,1,,,,,,10485760,9437184,USD,/);
    expect(lines.join('\n')).toContain(`"'=cmd()`);
  });
});
