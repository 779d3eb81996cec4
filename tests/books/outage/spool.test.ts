import { rename, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/books/entries.ts';
import { openSpool } from '../../../src/books/outage/spool.ts';
import { settled } from '../builders.ts';
import { admitted, afterRestart, decided, drained, freshPath, leave, unharmed } from './spooled.ts';

const settlement = (id: string): Entry => ({ kind: 'settlement', settlement: settled(id) });

describe('a spool', () => {
  test('hands out its entries in order and unchanged, and forgets them', async () => {
    const spool = await openSpool(await freshPath());
    const entries = [admitted('a'), decided('b'), settlement('a')];
    for (const entry of entries) await spool.append(entry);
    const [size, held] = [spool.size, ['a', 'b', 'c'].map((id) => spool.holds(id))];

    const first = await drained(spool);

    expect(first).toEqual(entries);
    expect([size, held]).toEqual([3, [true, true, false]]);
    expect([spool.size, spool.holds('a')]).toEqual([0, false]);
    expect(await drained(spool)).toEqual([]);
  });

  test('keeps its entries across a restart', async () => {
    const path = await freshPath();
    const before = await openSpool(path);
    await before.append(admitted('a'));
    await before.append(settlement('a'));

    const spool = await afterRestart(path, before);

    expect(spool.size).toBe(2);
    expect(spool.holds('a')).toBe(true);
    expect(await drained(spool)).toEqual([admitted('a'), settlement('a')]);
  });

  test('is readable only by its owner, since it holds SQL', async () => {
    const path = await freshPath();
    await leave(path, admitted('a'));

    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('holds a decision until all of its entries have been handed out', async () => {
    const spool = await openSpool(await freshPath());
    await spool.append(admitted('a'));
    const held: boolean[] = [];

    await spool.drain(async ({ kind }) => {
      held.push(spool.holds('a'));
      // It arrives while the ledger catches up, and must queue behind its admission.
      if (kind === 'admission') await spool.append(settlement('a'));
    }, unharmed);

    expect(held).toEqual([true, true]);
    expect([spool.size, spool.holds('a')]).toEqual([0, false]);
  });

  test('hands everything out again after an interruption, and newer entries after that', async () => {
    const path = await freshPath();
    const spool = await openSpool(path);
    for (const id of ['a', 'b']) await spool.append(decided(id));
    const interrupted = spool.drain(async (entry) => {
      if (entry.kind === 'decision' && entry.decision.id === 'b') throw new Error('the ledger is gone');
    }, unharmed);
    await expect(interrupted).rejects.toThrow('the ledger is gone');
    await spool.append(decided('c'));

    const { size } = spool;
    const after = await afterRestart(path, spool);

    expect([size, after.size]).toEqual([3, 3]);
    expect(await drained(after)).toEqual([decided('a'), decided('b'), decided('c')]);
  });

  test('continues with the entries that a process was draining when it died', async () => {
    const path = await freshPath();
    await leave(path, decided('a'));
    await rename(path, `${path}.draining`);
    await leave(path, decided('b'));

    const spool = await openSpool(path);

    expect([spool.size, spool.holds('a'), spool.holds('b')]).toEqual([2, true, true]);
    expect(await drained(spool)).toEqual([decided('a'), decided('b')]);
  });
});
