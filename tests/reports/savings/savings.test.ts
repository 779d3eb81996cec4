import { expect, test } from 'vitest';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { november, refuse, report } from './books.ts';

test('days begin in the given time zone, and teams and currencies are separate', async () => {
  const ledger = await freshLedger();
  await refuse(ledger, { at: november(24, 2) });
  await refuse(ledger, { at: november(24, 4) });
  await refuse(ledger, { at: november(24, 4), team: 'finops', person: '5' });
  await refuse(ledger, { at: november(24, 5), person: '6', currency: 'EUR' });

  const { rows } = await report(ledger, { by: ['day', 'team'], timeZone: 'America/Sao_Paulo' });

  expect(rows.map(({ keys, currency, needs }) => [...keys, currency, needs])).toEqual([
    ['2026-11-23', 'atendimento', 'USD', 1],
    ['2026-11-24', 'atendimento', 'EUR', 1],
    ['2026-11-24', 'atendimento', 'USD', 1],
    ['2026-11-24', 'finops', 'USD', 1],
  ]);
});

test('days whose records were pruned are left out, and the report says from when on it counts', async () => {
  const ledger = await freshLedger();
  await refuse(ledger, { at: november(23, 9) });
  await refuse(ledger, { at: november(25, 9) });
  await pruneRecords(ledger, {
    beforeMs: Number(november(24, 0)),
    nowMs: Number(november(25, 10)),
    onStep: () => {},
  });

  const { rows, recordsFrom } = await report(ledger);

  expect(rows).toMatchObject([{ needs: 1 }]);
  expect(recordsFrom).toBe('2026-11-24');
  expect((await report(ledger, { from: '2026-11-24' })).recordsFrom).toBeNull();
});
