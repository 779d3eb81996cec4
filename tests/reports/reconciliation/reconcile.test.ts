import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../src/reports/reconciliation/reconcile.ts';
import { entry, job, noon, options, settlement, withSlots } from './builders.ts';
import { dearer, statusesOf } from './statuses.ts';

describe('a decision and its job', () => {
  it('agree if the bytes billed are the same', () => {
    expect(statusesOf([entry()], [job()])).toEqual({ agrees: [1, 1] });
  });

  it('are matched by the job’s name, whatever the case of its location, or without a location', () => {
    for (const name of ['guardrail-demo:us.job', 'guardrail-demo:job']) {
      expect(statusesOf([entry({ settlement: settlement({ job: name }) })], [job()])).toEqual({
        agrees: [1, 1],
      });
    }
    expect(
      statusesOf([entry({ settlement: settlement({ job: 'guardrail-demo:EU.job' }) })], [job()]),
    ).toMatchObject({ unguarded: [0, 1] });
  });

  it('differ if the bytes billed differ, and the job’s cost is computed from its own', () => {
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

  it('do not differ by what the free tier paid', () => {
    const free = settlement({ freeBytes: 90n, cost: { currency: 'USD', micros: 10n } });

    const { rows } = reconcile([entry({ settlement: free })], [job({ bytesBilled: 130n })], options());

    expect(rows).toMatchObject([{ ledgerMicros: 10n, warehouseMicros: 40n }]);
  });

  it('are compared at the price the decision was settled at, whatever the price is now', () => {
    const { findings } = reconcile(
      [entry()],
      [job({ bytesBilled: 130n })],
      options({ pricing: { ...dearer, currency: 'BRL' } }),
    );

    expect(findings).toMatchObject([
      { kind: 'differs', warehouse: { cost: { currency: 'USD', micros: 130n } } },
    ]);
  });

  it('are compared by slot time if the job ran on a reservation', () => {
    const changed = job({ slotMs: 6n, reservation: 'admin:US.weekdays' });

    expect(statusesOf([entry()], [changed])).toEqual({ agrees: [1, 1] });
    expect(reconcile([entry()], [changed], options({ pricing: withSlots })).findings).toMatchObject([
      { kind: 'differs', warehouse: { bytesBilled: 100n, cost: { micros: 6n } } },
    ]);
  });

  it('are not compared by slot time if the job left its project’s reservation', () => {
    const left = job({ slotMs: 6n, reservation: null });

    expect(statusesOf([entry()], [left], { pricing: withSlots })).toEqual({ agrees: [1, 1] });
  });

  it('are matched by the label if the settlement names no job', () => {
    const unknown = entry({ settlement: settlement({ job: null }) });

    expect(statusesOf([unknown], [job({ labelledDecision: 'decision' })])).toEqual({ agrees: [1, 1] });
    expect(statusesOf([unknown], [job()])).toEqual({ missing: [1, 0], unguarded: [0, 1] });
  });

  it('are not matched by a label that another principal wrote, or in another project', () => {
    const unknown = entry({ settlement: settlement({ job: null }) });

    for (const changes of [{ principal: 'bob@example.com' }, { projectId: 'other-project' }]) {
      expect(statusesOf([unknown], [job({ labelledDecision: 'decision', ...changes })])).toEqual({
        missing: [1, 0],
        unguarded: [0, 1],
      });
    }
  });

  it('are matched to one job only, however many jobs carry the label', () => {
    const copies = [job(), job({ jobId: 'copy', labelledDecision: 'decision' })];

    expect(statusesOf([entry()], copies)).toEqual({ agrees: [1, 1], unguarded: [0, 1] });
  });

  it('count on the day of the decision even if the job began after midnight', () => {
    const last = entry({ atMs: Date.UTC(2026, 10, 24, 23, 59, 59, 900) });
    const first = job({ createdAtMs: Date.UTC(2026, 10, 25, 0, 0, 0, 100) });
    const next = { span: { fromMs: Date.UTC(2026, 10, 25), toMs: Date.UTC(2026, 10, 26) } };

    expect(reconcile([last], [first], options()).rows).toMatchObject([
      { day: '2026-11-24', decisions: 1, jobs: 1 },
    ]);
    expect(statusesOf([last], [first], next)).toEqual({});
  });

  it('are left out while the job runs or has only just ended', () => {
    expect(statusesOf([entry()], [job({ endedAtMs: null })])).toEqual({ running: [1, 1] });
    expect(statusesOf([], [job({ endedAtMs: options().finalBeforeMs })])).toEqual({ running: [0, 1] });
  });

  it('are left out if the warehouse does not report the bytes', () => {
    expect(statusesOf([entry()], [job({ bytesBilled: null })])).toEqual({ hidden: [1, 1] });
  });

  it('are unsettled while the reservation is open or only assumed, whatever amount was assumed', () => {
    const open = entry({ reservation: 'open', settlement: null });
    const assumed = entry({
      reservation: 'assumed',
      settlement: settlement({ job: null, source: 'assumed' }),
    });

    for (const one of [open, assumed]) {
      expect(statusesOf([one], [job({ labelledDecision: 'decision' })])).toEqual({ unsettled: [1, 1] });
    }
  });
});

describe('a decision without a job', () => {
  it('is missing if the ledger says that it ran, or still waits for it', () => {
    const open = entry({ reservation: 'open', settlement: null });

    expect(statusesOf([entry()], [])).toEqual({ missing: [1, 0] });
    expect(statusesOf([open], [])).toEqual({ missing: [1, 0] });
    expect(statusesOf([{ ...open, admitted: false }], [])).toEqual({ missing: [1, 0] });
    expect(statusesOf([{ ...open, reservation: null }], [])).toEqual({ missing: [1, 0] });
  });

  it.each([
    ['its cost was assumed', { source: 'assumed' }],
    ['its settlement names a job', { job: 'guardrail-demo:US.gone' }],
    ['it was billed bytes', { bytesBilled: 1n }],
    ['it took slot time', { slotMs: 1n }],
  ])('is missing if only %s', (_why, changes) => {
    const nothing = { job: null, bytesBilled: 0n, slotMs: null, source: 'response' };

    expect(statusesOf([entry({ settlement: settlement({ ...nothing, ...changes }) })], [])).toEqual({
      missing: [1, 0],
    });
  });

  it('is not a finding if nothing ran', () => {
    const refused = entry({ admitted: false, reservation: null, settlement: null });
    const notRun = entry({
      settlement: settlement({ job: null, bytesBilled: 0n, slotMs: null, source: 'not run' }),
    });

    expect(statusesOf([refused], [])).toEqual({ 'not run': [1, 0] });
    expect(statusesOf([notRun], [])).toEqual({ 'not run': [1, 0] });
  });

  it('is not a finding if another decision pays for the job', () => {
    const repeated = entry({
      decisionId: 'again',
      settlement: settlement({ bytesBilled: 0n, source: 'repeated' }),
    });

    expect(statusesOf([entry(), repeated], [job()])).toEqual({ agrees: [1, 1], repeated: [1, 0] });
  });

  it('counts as charged twice if another decision is charged for its job', () => {
    const second = entry({ decisionId: 'second', atMs: noon + 1 });

    const { findings } = reconcile([second, entry()], [job()], options());

    expect(findings).toMatchObject([
      { kind: 'twice', entry: { decisionId: 'second' }, warehouse: { bytesBilled: 0n } },
    ]);
  });

  it('is not a finding if its project or location was not read', () => {
    const abroad = entry({ location: 'EU', settlement: settlement({ job: 'guardrail-demo:EU.job' }) });

    expect(statusesOf([abroad], [])).toEqual({ elsewhere: [1, 0] });
  });
});

describe('a job without a decision', () => {
  it('bypassed guardrail, and counts for the team of its principal', () => {
    const { findings, rows } = reconcile([], [job({ principal: 'bob@example.com' })], options());

    expect(findings).toMatchObject([
      { kind: 'unguarded', team: 'unassigned', warehouse: { bytesBilled: 100n } },
    ]);
    expect(rows).toMatchObject([
      { team: 'unassigned', jobs: 1, decisions: 0, warehouseBytes: 100n, findings: 1 },
    ]);
  });

  it('is priced by slot time on a reservation, and by bytes if it left the project’s', () => {
    const on = job({ jobId: 'on', reservation: 'admin:US.weekdays' });
    const left = job({ jobId: 'left', reservation: null });

    const { findings } = reconcile([], [on, left], options({ pricing: withSlots }));

    expect(findings.map(({ job: of, warehouse }) => [of?.jobId, warehouse?.cost.micros])).toEqual([
      ['on', 5n],
      ['left', 100n],
    ]);
  });

  it('bypassed guardrail even if the warehouse does not report its bytes, which do not count as zero', () => {
    const { findings, rows } = reconcile([], [job({ bytesBilled: null })], options());

    expect(findings).toMatchObject([{ kind: 'unguarded', warehouse: null }]);
    expect(rows).toMatchObject([{ jobs: 1, warehouseBytes: 0n, findings: 1 }]);
  });

  it('is recognised if a reconciliation itself started it', () => {
    const report = reconcile([], [job({ ofReconciliation: true })], options());

    expect(report).toMatchObject({ findings: [], rows: [], ownBytes: 100n });
  });
});
