import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { deletePrunedFromJournal, enterPruning } from '../../../src/records/pruning/prune-journal.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { settlementRow } from '../journal/entries.ts';
import {
  DAY_MS,
  decisionEntry,
  enter,
  FIRST_DAY_MS,
  grantEntry,
  settlementEntry,
  verified,
} from '../journal/journal-builders.ts';

const SECOND_DAY_MS = FIRST_DAY_MS + DAY_MS;

function sealAt(ledger: Ledger, atMs: number) {
  return sealNow(
    ledger,
    () => undefined,
    () => atMs,
  );
}

/** Three seals: of the first day alone, of both days, and of the first day with a grant. */
async function sealedDays(): Promise<Ledger> {
  const ledger = await freshLedger();
  await enter(ledger, decisionEntry('a1'), settlementEntry('a1'), decisionEntry('a2'));
  await sealAt(ledger, FIRST_DAY_MS + 1);
  const later = { decisionAtMs: SECOND_DAY_MS };
  await enter(ledger, settlementEntry('a2'), decisionEntry('b', SECOND_DAY_MS), settlementEntry('b', later));
  await sealAt(ledger, FIRST_DAY_MS + 2);
  await enter(ledger, decisionEntry('a3'), grantEntry('g'));
  await sealAt(ledger, FIRST_DAY_MS + 3);
  return ledger;
}

async function deleteFirstDay(ledger: Ledger): Promise<void> {
  await ledger.write(async (db) => {
    const old = db.selectFrom('decisions').select('id').where('at_ms', '<', BigInt(SECOND_DAY_MS));
    await db.deleteFrom('settlements').where('decision_id', 'in', old).execute();
    await db.deleteFrom('decision_tables').where('decision_id', 'in', old).execute();
    await db.deleteFrom('decisions').where('at_ms', '<', BigInt(SECOND_DAY_MS)).execute();
  });
}

function pruneFirstDay(ledger: Ledger) {
  const pruning = { atMs: SECOND_DAY_MS + 5, beforeMs: SECOND_DAY_MS, decisions: 3, settlements: 2 };
  return ledger.write((db) => enterPruning(db, pruning));
}

const NOW_MS = BigInt(SECOND_DAY_MS + 2 * DAY_MS);

const firstDay = { afterSeal: 0n, beforeMs: BigInt(SECOND_DAY_MS), nowMs: NOW_MS };

/** A verification as of the second day. */
function verifiedThen(ledger: Ledger) {
  return verified(ledger, new Map(), SECOND_DAY_MS);
}

/** The seals of which the journal has rows. */
async function sealsHeld(ledger: Ledger): Promise<readonly number[]> {
  const rows = await ledger.read
    .selectFrom('journal')
    .select('seal')
    .distinct()
    .where('seal', '>', 0n)
    .execute();
  return rows.map(({ seal }) => Number(seal)).toSorted((a, b) => a - b);
}

describe('pruned entries', () => {
  test('are accounted for at every step, even in seals that also cover other entries', async () => {
    const ledger = await sealedDays();

    await pruneFirstDay(ledger);
    const entered = await verifiedThen(ledger);
    await deleteFirstDay(ledger);
    const deleted = await verifiedThen(ledger);
    const seen = await ledger.write((db) => deletePrunedFromJournal(db, firstDay));
    const again = await ledger.write((db) => deletePrunedFromJournal(db, { ...firstDay, afterSeal: 3n }));
    const held = await sealsHeld(ledger);
    await sealNow(ledger);
    const sealed = await verifiedThen(ledger);

    expect([seen, again, held]).toEqual([3n, null, [2, 3]]);
    expect(entered).toMatchObject({ all: [], entries: 9, pruned: 0 });
    expect(deleted).toMatchObject({ all: [], entries: 4, pruned: 5 });
    expect(sealed).toMatchObject({ all: [], entries: 4, pruned: 5, unsealed: 0 });
    expect(sealed.prunings).toEqual([
      { atMs: SECOND_DAY_MS + 5, beforeMs: SECOND_DAY_MS, decisions: 3, settlements: 2 },
    ]);
  });

  test('that were sealed late are removed by a later pruning', async () => {
    const ledger = await freshLedger();
    await enter(ledger, decisionEntry('a1'));
    await sealAt(ledger, SECOND_DAY_MS + 1);
    await pruneFirstDay(ledger);
    await deleteFirstDay(ledger);

    await ledger.write((db) => deletePrunedFromJournal(db, firstDay));
    const waiting = await sealsHeld(ledger);
    const nextDay = { ...firstDay, beforeMs: BigInt(SECOND_DAY_MS + DAY_MS) };
    await ledger.write((db) => deletePrunedFromJournal(db, nextDay));

    expect(waiting).toEqual([1]);
    expect(await sealsHeld(ledger)).toEqual([]);
    expect(await verifiedThen(ledger)).toMatchObject({ all: [], pruned: 1 });
  });

  test('are removed although a clock that was years ahead has dated their seals, and all since, ahead', async () => {
    const ledger = await freshLedger();
    await enter(ledger, decisionEntry('b', SECOND_DAY_MS));
    await sealAt(ledger, Number(NOW_MS) + 3 * 365 * DAY_MS);
    await enter(ledger, decisionEntry('a1'));
    await sealAt(ledger, FIRST_DAY_MS + 1);
    await pruneFirstDay(ledger);
    await deleteFirstDay(ledger);

    await ledger.write((db) => deletePrunedFromJournal(db, firstDay));

    expect(await sealsHeld(ledger)).toEqual([1]);
    expect(await verifiedThen(ledger)).toMatchObject({ all: [], pruned: 1 });
  });

  test('are findings if no pruning was entered', async () => {
    const ledger = await sealedDays();

    await deleteFirstDay(ledger);
    await ledger.write((db) => deletePrunedFromJournal(db, firstDay));
    const { all } = await verifiedThen(ledger);

    expect(all.map((finding) => finding.finding)).toEqual([
      'sealed entries missing',
      'entry missing',
      'entry missing',
    ]);
  });

  test('do not excuse missing later entries, entries of other kinds, or single journal rows', async () => {
    const ledger = await sealedDays();
    await pruneFirstDay(ledger);
    await deleteFirstDay(ledger);
    await ledger.write(async (db) => {
      await db.deleteFrom('settlements').execute();
      await db.deleteFrom('grants').execute();
      await db.deleteFrom('journal').where('id', '=', 'a2/1').execute();
    });

    const { all } = await verifiedThen(ledger);

    expect(all).toEqual([
      { finding: 'sealed entries missing', seal: '2', sealed: '3', found: 2 },
      { finding: 'entry missing', kind: 'settlement', id: 'b/1' },
      { finding: 'entry missing', kind: 'grant', id: 'g' },
    ]);
  });

  test('are findings if their pruning was forged or moved', async () => {
    const ledger = await sealedDays();
    await pruneFirstDay(ledger);
    await sealNow(ledger);
    await ledger.write(async (db) => {
      await db
        .updateTable('prunings')
        .set({ before_ms: BigInt(SECOND_DAY_MS + DAY_MS) })
        .execute();
      await db.deleteFrom('settlements').execute();
    });

    const { all } = await verifiedThen(ledger);

    expect(all).toMatchObject([{ finding: 'entry altered', kind: 'pruning' }]);
  });

  test('leave the journal in steps of few entries, whatever their seals hold', async () => {
    const ledger = await freshLedger();
    for (const seal of [1, 2, 3]) {
      await enter(ledger, ...Array.from({ length: 100 }, (_none, i) => decisionEntry(`${seal}-${i}`)));
      await sealAt(ledger, FIRST_DAY_MS + seal);
    }
    await pruneFirstDay(ledger);
    await deleteFirstDay(ledger);

    const next = await ledger.write((db) => deletePrunedFromJournal(db, firstDay));

    expect(next).toBe(2n);
    expect(await sealsHeld(ledger)).toEqual([3]);
  });
});

test('a lost query settled after the midnight that is pruned stays in the journal until it goes too', async () => {
  const ledger = await freshLedger();
  await enter(ledger, decisionEntry('old'), settlementEntry('old'), {
    kind: 'settlement',
    row: settlementRow({ decision_id: 'lost', at_ms: BigInt(SECOND_DAY_MS + 60_000) }),
    decisionAtMs: BigInt(SECOND_DAY_MS - 60_000),
  });
  await sealAt(ledger, FIRST_DAY_MS + 1);
  await enter(ledger, decisionEntry('second', SECOND_DAY_MS));
  await sealAt(ledger, FIRST_DAY_MS + 2);
  const prune = async (beforeMs: number) => {
    await pruneRecords(ledger, { beforeMs, nowMs: FIRST_DAY_MS + 9 * DAY_MS });
    await sealNow(ledger);
  };
  const settled = () => ledger.read.selectFrom('settlements').select('decision_id').execute();

  await prune(SECOND_DAY_MS);
  const afterFirst = await verified(ledger);
  expect(await settled()).toEqual([{ decision_id: 'lost' }]);
  await prune(SECOND_DAY_MS + DAY_MS);

  expect(afterFirst.all).toEqual([]);
  expect(await settled()).toEqual([]);
  expect((await verified(ledger)).all).toEqual([]);
});
