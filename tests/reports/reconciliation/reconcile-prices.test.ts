import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../src/reports/reconciliation/reconcile.ts';
import { entry, job, options, pricing, settlement, withSlots } from './builders.ts';
import { dearer, onSlots, RESERVATION, statusesOf } from './statuses.ts';

describe('a decision and its job with the same figures', () => {
  it.each([
    ['by the byte where the job ran on a reservation', settlement(), RESERVATION, 100n, 5n],
    ['by slot time where the job ran on none', onSlots, null, 5n, 100n],
  ])('are mispriced if the decision was priced %s', (_how, settled, reservation, ledger, warehouse) => {
    const { findings } = reconcile(
      [entry({ settlement: settled })],
      [job({ reservation })],
      options({ pricing: withSlots }),
    );

    expect(findings).toMatchObject([
      {
        kind: 'mispriced',
        ledger: { bytesBilled: 100n, cost: { micros: ledger } },
        warehouse: { bytesBilled: 100n, cost: { micros: warehouse } },
      },
    ]);
  });

  it.each([
    ['by the byte', settlement(), null],
    ['by slot time', onSlots, RESERVATION],
  ])('agree if the job was priced %s and prices have changed since', (_how, settled, reservation) => {
    expect(statusesOf([entry({ settlement: settled })], [job({ reservation })], { pricing: dearer })).toEqual(
      {
        agrees: [1, 1],
      },
    );
  });

  it.each([
    ['is a script', { statementType: 'SCRIPT' }, onSlots, withSlots],
    [
      'ran on a reservation that the policy has no price for',
      { reservation: RESERVATION },
      settlement(),
      pricing,
    ],
  ])('agree if the job %s, which says nothing about its price', (_what, changes, settled, prices) => {
    expect(statusesOf([entry({ settlement: settled })], [job(changes)], { pricing: prices })).toEqual({
      agrees: [1, 1],
    });
  });

  it('agree if the settlement does not say how it was priced', () => {
    const older = settlement({ tariff: null, cost: { currency: 'USD', micros: 5n } });

    expect(statusesOf([entry({ settlement: older })], [job()], { pricing: withSlots })).toEqual({
      agrees: [1, 1],
    });
  });

  it('agree if the policy now uses another currency, in which nothing can be corrected', () => {
    const inReais = { ...withSlots, currency: 'BRL' };

    expect(statusesOf([entry({ settlement: onSlots })], [job()], { pricing: inReais })).toEqual({
      agrees: [1, 1],
    });
  });

  it('agree if both prices give the same cost', () => {
    const free = settlement({ freeBytes: 100n, cost: { currency: 'USD', micros: 0n }, slotMs: 0n });
    const idle = job({ reservation: RESERVATION, slotMs: 0n });

    expect(statusesOf([entry({ settlement: free })], [idle], { pricing: withSlots })).toEqual({
      agrees: [1, 1],
    });
  });
});
