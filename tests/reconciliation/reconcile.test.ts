import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import { entry, job, noon, options, settlement, withSlots } from './builders.ts';
import { dearer, fatesOf } from './fates.ts';

describe('a decision and its job', () => {
  it('agree where the bytes billed are the same', () => {
    expect(fatesOf([entry()], [job()])).toEqual({ agrees: [1, 1] });
  });

  it('are one by the job’s name, whatever case its location is written in, and where it has none', () => {
    for (const name of ['guardrail-demo:us.job', 'guardrail-demo:job']) {
      expect(fatesOf([entry({ settlement: settlement({ job: name }) })], [job()])).toEqual({
        agrees: [1, 1],
      });
    }
    expect(
      fatesOf([entry({ settlement: settlement({ job: 'guardrail-demo:EU.job' }) })], [job()]),
    ).toMatchObject({ unguarded: [0, 1] });
  });

  it('differ where the bytes billed do, and cost what the job would', () => {
    const { findings } = reconcile([entry()], [job({ bytesBilled: 130n })], options());

    expect(findings).toMatchObject([
      {
        kind: 'differs',
        team: 'atendimento',
        day: '2026-11-24',
        ledger: { bytesBilled: 100n, cost: { micros: 100n } },
        warehouse: { bytesBilled: 130n, cost: { micros: 130n } },
      },
    ]);
  });

  it('cost nothing for what the free tier has paid', () => {
    const free = settlement({ freeBytes: 90n, cost: { currency: 'USD', micros: 10n } });

    const { rows } = reconcile([entry({ settlement: free })], [job({ bytesBilled: 130n })], options());

    expect(rows).toMatchObject([{ ledgerMicros: 10n, warehouseMicros: 40n }]);
  });

  it('differ at the price that the decision was settled at, whatever it is by now', () => {
    const { findings } = reconcile(
      [entry()],
      [job({ bytesBilled: 130n })],
      options({ pricing: { ...dearer, currency: 'BRL' } }),
    );

    expect(findings).toMatchObject([
      { kind: 'differs', warehouse: { cost: { currency: 'USD', micros: 130n } } },
    ]);
  });

  it('differ in slot time where the job ran on a reservation, and cost what that comes to', () => {
    const changed = job({ slotMs: 6n, reservation: 'admin:US.weekdays' });

    expect(fatesOf([entry()], [changed])).toEqual({ agrees: [1, 1] });
    expect(reconcile([entry()], [changed], options({ pricing: withSlots })).findings).toMatchObject([
      { kind: 'differs', warehouse: { bytesBilled: 100n, cost: { micros: 6n } } },
    ]);
  });

  it('do not differ in slot time where the job left the reservation of its project', () => {
    const left = job({ slotMs: 6n, reservation: null });

    expect(fatesOf([entry()], [left], { pricing: withSlots })).toEqual({ agrees: [1, 1] });
  });

  it('are one by the label where the settlement knows no job', () => {
    const unknown = entry({ settlement: settlement({ job: null }) });

    expect(fatesOf([unknown], [job({ labelledDecision: 'decision' })])).toEqual({ agrees: [1, 1] });
    expect(fatesOf([unknown], [job()])).toEqual({ missing: [1, 0], unguarded: [0, 1] });
  });

  it('are not one by a label that somebody else wrote, or that is of another project', () => {
    const unknown = entry({ settlement: settlement({ job: null }) });

    for (const changes of [{ principal: 'bob@example.com' }, { projectId: 'other-project' }]) {
      expect(fatesOf([unknown], [job({ labelledDecision: 'decision', ...changes })])).toEqual({
        missing: [1, 0],
        unguarded: [0, 1],
      });
    }
  });

  it('are one job alone, however many carry its label', () => {
    const copies = [job(), job({ jobId: 'copy', labelledDecision: 'decision' })];

    expect(fatesOf([entry()], copies)).toEqual({ agrees: [1, 1], unguarded: [0, 1] });
  });

  it('count on the day of the decision, though the job began after midnight', () => {
    const last = entry({ atMs: Date.UTC(2026, 10, 24, 23, 59, 59, 900) });
    const first = job({ createdAtMs: Date.UTC(2026, 10, 25, 0, 0, 0, 100) });
    const next = { span: { fromMs: Date.UTC(2026, 10, 25), toMs: Date.UTC(2026, 10, 26) } };

    expect(reconcile([last], [first], options()).rows).toMatchObject([
      { day: '2026-11-24', decisions: 1, jobs: 1 },
    ]);
    expect(fatesOf([last], [first], next)).toEqual({});
  });

  it('are left out while the job runs, and when it has only just ended', () => {
    expect(fatesOf([entry()], [job({ endedAtMs: null })])).toEqual({ running: [1, 1] });
    expect(fatesOf([], [job({ endedAtMs: options().finalBeforeMs })])).toEqual({ running: [0, 1] });
  });

  it('are left out where the warehouse does not say the bytes', () => {
    expect(fatesOf([entry()], [job({ bytesBilled: null })])).toEqual({ hidden: [1, 1] });
  });

  it('are not settled while the reservation is open or was only assumed, whatever was assumed', () => {
    const open = entry({ reservation: 'open', settlement: null });
    const assumed = entry({
      reservation: 'assumed',
      settlement: settlement({ job: null, source: 'assumed' }),
    });

    for (const one of [open, assumed]) {
      expect(fatesOf([one], [job({ labelledDecision: 'decision' })])).toEqual({ unsettled: [1, 1] });
    }
  });
});

describe('a decision without a job', () => {
  it('is missing where the ledger says that something ran, or still waits for it', () => {
    const open = entry({ reservation: 'open', settlement: null });

    expect(fatesOf([entry()], [])).toEqual({ missing: [1, 0] });
    expect(fatesOf([open], [])).toEqual({ missing: [1, 0] });
  });

  it('is no finding where nothing ran', () => {
    const refused = entry({ admitted: false, reservation: null, settlement: null });
    const notRun = entry({
      settlement: settlement({ job: null, bytesBilled: 0n, slotMs: null, source: 'not run' }),
    });

    expect(fatesOf([refused], [])).toEqual({ 'not run': [1, 0] });
    expect(fatesOf([notRun], [])).toEqual({ 'not run': [1, 0] });
  });

  it('is no finding where another decision pays for the job', () => {
    const repeated = entry({
      decisionId: 'again',
      settlement: settlement({ bytesBilled: 0n, source: 'repeated' }),
    });

    expect(fatesOf([entry(), repeated], [job()])).toEqual({ agrees: [1, 1], repeated: [1, 0] });
  });

  it('is charged twice where another decision is charged for its job', () => {
    const second = entry({ decisionId: 'second', atMs: noon + 1 });

    const { findings } = reconcile([second, entry()], [job()], options());

    expect(findings).toMatchObject([
      { kind: 'twice', entry: { decisionId: 'second' }, warehouse: { bytesBilled: 0n } },
    ]);
  });

  it('is not looked for where its place was not read', () => {
    const abroad = entry({ location: 'EU', settlement: settlement({ job: 'guardrail-demo:EU.job' }) });

    expect(fatesOf([abroad], [])).toEqual({ elsewhere: [1, 0] });
  });
});

describe('a job without a decision', () => {
  it('bypassed the guardrail, and is its principal’s team’s', () => {
    const { findings, rows } = reconcile([], [job({ principal: 'bob@example.com' })], options());

    expect(findings).toMatchObject([
      { kind: 'unguarded', team: 'unassigned', warehouse: { bytesBilled: 100n } },
    ]);
    expect(rows).toMatchObject([
      { team: 'unassigned', jobs: 1, decisions: 0, warehouseBytes: 100n, findings: 1 },
    ]);
  });

  it('costs what its reservation comes to, and its bytes where it left the project’s', () => {
    const on = job({ jobId: 'on', reservation: 'admin:US.weekdays' });
    const left = job({ jobId: 'left', reservation: null });

    const { findings } = reconcile([], [on, left], options({ pricing: withSlots }));

    expect(findings.map(({ job: of, warehouse }) => [of?.jobId, warehouse?.cost.micros])).toEqual([
      ['on', 5n],
      ['left', 100n],
    ]);
  });

  it('bypassed the guardrail even if the warehouse does not report its bytes, which do not count as zero', () => {
    const { findings, rows } = reconcile([], [job({ bytesBilled: null })], options());

    expect(findings).toMatchObject([{ kind: 'unguarded', warehouse: null }]);
    expect(rows).toMatchObject([{ jobs: 1, warehouseBytes: 0n, findings: 1 }]);
  });

  it('is a reconciliation’s own', () => {
    const report = reconcile([], [job({ ofReconciliation: true })], options());

    expect(report).toMatchObject({ findings: [], rows: [], ownBytes: 100n });
  });
});
