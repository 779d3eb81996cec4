import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare } from '../../../src/foundation/lists/compare.ts';
import { combine } from '../../../src/reports/reconciliation/combine.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type { LedgerEntry } from '../../../src/reports/reconciliation/ledger/ledger-entry.ts';
import { reconcile } from '../../../src/reports/reconciliation/reconcile.ts';
import {
  type FindingKind,
  findingKinds,
  type Report,
  statuses,
} from '../../../src/reports/reconciliation/report.ts';
import { gapOf, totalsOf } from '../../../src/reports/reconciliation/totals.ts';
import { entry, job, MINUTE, noon, options, principal, settlement } from './builders.ts';

const bytes = fc.bigInt(0n, 5n);
const jobNumber = fc.nat(7);
const minutes = fc.integer({ min: -20, max: 20 });

const entries = fc
  .array(
    fc.record({
      minute: minutes,
      job: fc.option(jobNumber),
      bytes,
      source: fc.constantFrom('response', 'job', 'assumed', 'repeated', 'reconciled', 'not run'),
      state: fc.constantFrom('settled', 'open', 'refused'),
      team: fc.constantFrom('a', 'b'),
      location: fc.constantFrom('US', 'EU', null),
    }),
    { maxLength: 8 },
  )
  .map((drafts) =>
    drafts.map(
      (draft, i): LedgerEntry =>
        entry({
          decisionId: `decision-${i}`,
          atMs: noon + draft.minute * MINUTE,
          team: draft.team,
          location: draft.location,
          admitted: draft.state !== 'refused',
          reservation: draft.state === 'open' ? 'open' : null,
          settlement:
            draft.state === 'settled'
              ? settlement({
                  job: draft.job === null ? null : `guardrail-demo:US.job-${draft.job}`,
                  bytesBilled: draft.bytes,
                  source: draft.source,
                })
              : null,
        }),
    ),
  );

const jobs = fc
  .uniqueArray(
    fc.record({
      number: jobNumber,
      minute: minutes,
      bytes: fc.option(bytes),
      ended: fc.boolean(),
      label: fc.option(fc.nat(7)),
      who: fc.constantFrom(principal, 'bob@example.com', null),
      own: fc.boolean(),
    }),
    { maxLength: 8, selector: ({ number }) => number },
  )
  .map((drafts) =>
    drafts.map(
      (draft): WarehouseJob =>
        job({
          jobId: `job-${draft.number}`,
          createdAtMs: noon + draft.minute * MINUTE,
          bytesBilled: draft.bytes,
          endedAtMs: draft.ended ? noon : null,
          labelledDecision: draft.label === null ? null : `decision-${draft.label}`,
          principal: draft.who,
          ofReconciliation: draft.own,
        }),
    ),
  );

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}

function countsOf(report: Report) {
  const counts = statuses.map((status) => report.counts[status]);
  return {
    decisions: counts.reduce((all, { decisions }) => all + decisions, 0),
    jobs: counts.reduce((all, count) => all + count.jobs, 0),
  };
}

it('accounts for every decision and every job exactly once', () => {
  fc.assert(
    fc.property(entries, jobs, (ledger, warehouse) => {
      const report = reconcile(ledger, warehouse, options());
      expect(countsOf(report)).toEqual({ decisions: ledger.length, jobs: warehouse.length });
    }),
  );
});

it('has sums by team and day that match their parts', () => {
  fc.assert(
    fc.property(entries, jobs, (ledger, warehouse) => {
      const report = reconcile(ledger, warehouse, options());
      const { ledgerBytes, warehouseBytes } = totalsOf(report);
      const gap = sum(
        report.findings.map((one) => (one.warehouse?.bytesBilled ?? 0n) - one.ledger.bytesBilled),
      );
      expect(warehouseBytes - ledgerBytes).toBe(gap);
      for (const row of report.rows) {
        const own = report.findings.filter(({ day, team }) => day === row.day && team === row.team);
        expect(own).toHaveLength(row.findings);
        expect(row.warehouseBytes - row.ledgerBytes).toBe(
          sum(own.map((one) => (one.warehouse?.bytesBilled ?? 0n) - one.ledger.bytesBilled)),
        );
      }
    }),
  );
});

it('loses no byte: jobs in no row are running, hidden, elsewhere, or its own', () => {
  fc.assert(
    fc.property(entries, jobs, (ledger, warehouse) => {
      const final = warehouse.filter((one) => one.endedAtMs !== null && one.bytesBilled !== null);
      const report = reconcile(ledger, final, options({ isRead: () => true }));
      const read = ledger.filter(({ location }) => location !== null);
      const onlyRead = reconcile(read, final, options({ isRead: () => true }));
      expect(totalsOf(onlyRead).ledgerBytes).toBe(sum(read.map((one) => one.settlement?.bytesBilled ?? 0n)));
      expect(totalsOf(report).warehouseBytes + report.ownBytes).toBe(
        sum(final.map((one) => one.bytesBilled ?? 0n)),
      );
    }),
  );
});

it('has no finding only if every decision that ran has the job it was billed for', () => {
  fc.assert(
    fc.property(entries, jobs, (ledger, warehouse) => {
      const report = reconcile(ledger, warehouse, options());
      fc.pre(report.findings.length === 0);
      const { ledgerBytes, warehouseBytes, costs } = totalsOf(report);
      expect(ledgerBytes).toBe(warehouseBytes);
      for (const cost of costs) expect(cost.ledgerMicros).toBe(cost.warehouseMicros);
    }),
  );
});

/** As many decisions as jobs, each with the other's figures. */
const balanced = fc.array(fc.bigInt(0n, 1000n), { minLength: 1, maxLength: 8 }).map((amounts) => ({
  ledger: amounts.map((bytesBilled, i) =>
    entry({ decisionId: `d-${i}`, settlement: settlement({ job: `guardrail-demo:US.j-${i}`, bytesBilled }) }),
  ),
  warehouse: amounts.map((bytesBilled, i) => job({ jobId: `j-${i}`, bytesBilled })),
}));

it('finds every changed figure, even if the changes cancel out in the sum', () => {
  fc.assert(
    fc.property(balanced, fc.bigInt(1n, 50n), fc.nat(), fc.nat(), ({ ledger, warehouse }, shift, a, b) => {
      expect(reconcile(ledger, warehouse, options()).findings).toEqual([]);
      const [from, to] = [a % ledger.length, b % ledger.length];
      fc.pre(from !== to && (warehouse[from]?.bytesBilled ?? 0n) >= shift);
      const moved = warehouse.map((one, i) => ({
        ...one,
        bytesBilled: (one.bytesBilled ?? 0n) + (i === to ? shift : 0n) - (i === from ? shift : 0n),
      }));
      const report = reconcile(ledger, moved, options());
      expect(totalsOf(report).ledgerBytes).toBe(totalsOf(report).warehouseBytes);
      expect(report.findings.map(({ kind }) => kind)).toEqual(['differs', 'differs']);
    }),
  );
});

it('gives the same result day by day as in one run', () => {
  fc.assert(
    fc.property(entries, jobs, minutes, (ledger, warehouse, edge) => {
      const { span } = options();
      const atMs = noon + edge * MINUTE;
      const whole = reconcile(ledger, warehouse, options());
      const parts = combine([
        reconcile(ledger, warehouse, options({ span: { ...span, toMs: atMs } })),
        reconcile(ledger, warehouse, options({ span: { ...span, fromMs: atMs } })),
      ]);
      const inOrder = (report: Report) =>
        report.findings.map((one) => `${one.kind} ${one.entry?.decisionId} ${one.job?.jobId}`).toSorted();
      expect(inOrder(parts)).toEqual(inOrder(whole));
      expect({ ...parts, findings: [] }).toEqual({ ...whole, findings: [] });
    }),
  );
});

it('does not depend on the order in which the books are read', () => {
  fc.assert(
    fc.property(entries, jobs, (ledger, warehouse) => {
      const one = reconcile(ledger, warehouse, options());
      const other = reconcile(ledger.toReversed(), warehouse.toReversed(), options());
      expect({ ...other, findings: [] }).toEqual({ ...one, findings: [] });
    }),
  );
});

it('keeps the largest findings of each kind if it is to keep few, and the sums of all', () => {
  fc.assert(
    fc.property(entries, jobs, minutes, (ledger, warehouse, edge) => {
      const { span } = options();
      const atMs = noon + edge * MINUTE;
      const inTwoParts = (mostFindings: number) =>
        combine(
          [
            reconcile(ledger, warehouse, options({ mostFindings, span: { ...span, toMs: atMs } })),
            reconcile(ledger, warehouse, options({ mostFindings, span: { ...span, fromMs: atMs } })),
          ],
          mostFindings,
        );
      const [few, all] = [inTwoParts(1), inTwoParts(100)];
      const gaps = (of: FindingKind) =>
        all.findings.filter(({ kind }) => kind === of).map((finding) => gapOf(finding));
      const largest = (of: FindingKind) =>
        gaps(of)
          .toSorted((a, b) => compare(b, a))
          .slice(0, 1);
      expect({ ...few, findings: [] }).toEqual({ ...all, findings: [] });
      for (const of of findingKinds) {
        expect(all.totals[of].count).toBe(gaps(of).length);
        expect(few.findings.filter(({ kind }) => kind === of).map((finding) => gapOf(finding))).toEqual(
          largest(of),
        );
      }
    }),
  );
});
