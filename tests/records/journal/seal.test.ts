import * as processes from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { type ChainHead, chainHead, nextSeal } from '../../../src/records/journal/chain.ts';
import { sealNow, startSealing } from '../../../src/records/journal/seal.ts';
import { emptyLedgerUrl, freshLedger } from '../../ledger/ledgers.ts';
import { insertEntry } from './insert-entry.ts';
import {
  decisionEntry,
  enter,
  FIRST_DAY_MS,
  grantEntry,
  settlementEntry,
  verified,
} from './journal-builders.ts';

const execFile = promisify(processes.execFile);

function grants(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => grantEntry(`g${from + i}`));
}

async function sizes(ledger: Ledger): Promise<readonly bigint[]> {
  const rows = await ledger.read.selectFrom('seals').select('entries').orderBy('seal').execute();
  return rows.map(({ entries }) => entries);
}

describe('sealing the journal', () => {
  test('seals every entry in batches, and reports each seal', async () => {
    const ledger = await freshLedger();
    await enter(ledger, ...grants(0, 600));
    const seals: [number, number][] = [];

    const head = await sealNow(ledger, ({ seal }, entries) => seals.push([seal, entries]));

    expect(seals).toEqual([
      [1, 250],
      [2, 250],
      [3, 100],
    ]);
    expect(head).toEqual(await chainHead(ledger.read));
    expect(await verified(ledger)).toMatchObject({ all: [], entries: 600, unsealed: 0 });
  });

  test('makes no seal when there is nothing to seal', async () => {
    const ledger = await freshLedger();
    expect(await sealNow(ledger)).toBeNull();
    await enter(ledger, grantEntry('g'));
    const head = await sealNow(ledger);

    expect(await sealNow(ledger)).toEqual(head);
    expect(await sizes(ledger)).toEqual([1n]);
  });

  test('seals entries older than the journal with the first seal, and none after it', async () => {
    const ledger = await freshLedger();
    await ledger.write(async (db) => {
      await insertEntry(db, decisionEntry('old', FIRST_DAY_MS));
      await insertEntry(db, settlementEntry('old', { decisionAtMs: FIRST_DAY_MS }));
      await insertEntry(db, settlementEntry('unrecorded'));
      await insertEntry(db, grantEntry('g'));
    });

    await sealNow(ledger);
    const before = await verified(ledger);
    await ledger.write((db) => insertEntry(db, decisionEntry('slipped in')));
    await sealNow(ledger);
    const after = await verified(ledger);

    expect(before).toMatchObject({ all: [], entries: 4 });
    expect(after.all).toEqual([{ finding: 'entry not in the journal', kind: 'decision', id: 'slipped in' }]);
  });

  test('never goes back in time when a clock does', () => {
    const head: ChainHead = { seal: 4, hash: 'h', atMs: 1_000 };

    expect(nextSeal(head, [], 900).at_ms).toBe(1_000n);
    expect(nextSeal(head, [], 1_100).at_ms).toBe(1_100n);
    expect(nextSeal(null, [], 900)).toMatchObject({ seal: 1n, at_ms: 900n });
  });

  test('by several processes at once makes one chain that holds every entry once', {
    timeout: 60_000,
  }, async () => {
    const url = await emptyLedgerUrl();
    const script = join(import.meta.dirname, 'sealing-process.ts');
    const seal = (name: string) => execFile(process.execPath, [script, url, name, '1000']);

    await Promise.all(['one', 'two', 'three'].map(seal));
    const ledger = await openLedger(url);
    onTestFinished(() => ledger.close());
    // Of two that seal at the same time at their end, one leaves the other entries that this one no longer sees.
    await sealNow(ledger);

    expect((await sizes(ledger)).reduce((sum, entries) => sum + entries, 0n)).toBe(3_000n);
    expect(await verified(ledger)).toMatchObject({ all: [], entries: 3_000, unsealed: 0 });
  });

  test('continues in rounds, and seals the rest when it is stopped', async () => {
    const ledger = await freshLedger();
    const errors: unknown[] = [];
    const seals: number[] = [];
    const stop = startSealing(ledger, {
      everyMs: 5,
      onSeal: ({ seal }) => seals.push(seal),
      onError: (error) => errors.push(error),
    });
    await enter(ledger, grantEntry('a'));
    await vi.waitFor(() => expect(seals).toEqual([1]));

    await enter(ledger, grantEntry('b'));
    await stop();

    expect(seals).toEqual([1, 2]);
    expect(errors).toEqual([]);
    expect(await verified(ledger)).toMatchObject({ all: [], unsealed: 0 });
  });

  test('reports a failed round, and tries again', async () => {
    const ledger = await freshLedger();
    await enter(ledger, grantEntry('a'));
    const errors: unknown[] = [];
    let broken = true;
    const seals: number[] = [];
    const failing: Ledger = {
      ...ledger,
      write: (work) => (broken ? Promise.reject(new Error('the disk is full')) : ledger.write(work)),
    };
    const stop = startSealing(failing, {
      everyMs: 5,
      onSeal: ({ seal }) => seals.push(seal),
      onError: (error) => errors.push(error),
    });
    await vi.waitFor(() => expect(errors).not.toEqual([]));

    broken = false;
    await vi.waitFor(() => expect(seals).toEqual([1]));
    await stop();

    expect(errors[0]).toMatchObject({ message: 'the disk is full' });
  });
});
