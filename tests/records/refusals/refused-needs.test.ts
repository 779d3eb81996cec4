import { expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type RefusedNeed, refusedNeeds } from '../../../src/records/refusals/refused-needs.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decisionRow } from '../journal/entries.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 86_400_000;
const fewDays = { fromMs: noon - 2 * DAY_MS, toMs: noon + 2 * DAY_MS, timeZone: 'America/Sao_Paulo' };

async function enterRefusals(ledger: Ledger, refusals: readonly Parameters<typeof decisionRow>[0][]) {
  const rows = refusals.map((changes, i) => decisionRow({ id: `d${i}`, outcome: 'refused', ...changes }));
  await ledger.write(async (db) => {
    for (let at = 0; at < rows.length; at += 500) {
      await db
        .insertInto('decisions')
        .values(rows.slice(at, at + 500))
        .execute();
    }
  });
}

async function needsByDay(ledger: Ledger): Promise<readonly (readonly RefusedNeed[])[]> {
  const days: (readonly RefusedNeed[])[] = [];
  for await (const needs of refusedNeeds(ledger.read, fewDays)) days.push(needs);
  return days;
}

test('repeated refusals of one query are one need, at its lowest estimate and under its first team', async () => {
  const ledger = await freshLedger();
  // More than one statement reads.
  await enterRefusals(
    ledger,
    Array.from({ length: 5_100 }, (_none, i) => ({
      at_ms: BigInt(noon + i),
      team: i === 0 ? 'first' : 'atendimento',
      estimated_bytes_billed: i === 5_099 ? 5n : 1000n,
    })),
  );

  const days = await needsByDay(ledger);

  expect(days).toEqual([
    [
      expect.objectContaining({
        day: '2026-11-24',
        team: 'first',
        attempts: 5_100,
        bytesBilled: 5n,
        firstAtMs: noon,
      }),
    ],
  ]);
});

test('each day has its own needs, and only refused queries are needs', async () => {
  const ledger = await freshLedger();
  const midnight = BigInt(Date.UTC(2026, 10, 24, 3));
  await enterRefusals(ledger, [
    { at_ms: midnight - 1n },
    { at_ms: midnight },
    { at_ms: midnight, person: null },
    { at_ms: midnight, outcome: 'admitted', fingerprint: 'ran' },
  ]);

  const days = await needsByDay(ledger);

  expect(days.map((needs) => needs.map(({ day, asker }) => [day, asker.person]).toSorted())).toEqual([
    [['2026-11-23', '12']],
    [
      ['2026-11-24', null],
      ['2026-11-24', '12'],
    ],
  ]);
});
