import { describe, expect, test } from 'vitest';
import { sealNow } from '../../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../../src/records/pruning/prune.ts';
import { copiedUpTo, copyNextSpend } from '../../../../src/records/spend/copy/copy-spend.ts';
import { uncopiedQueries } from '../../../../src/records/spend/portions.ts';
import { settledKinds } from '../../../../src/records/spend/settled-kinds.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { always, keysAndBytes, saoPaulo } from '../spend.ts';
import { copyAll, DAY_MS, decide, HOUR_MS, settle, start } from './copying.ts';

describe('spend from the copy', () => {
  test('counts what is corrected after it was copied as corrected, before and after that is copied too', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'a' });
    await settle(ledger, { decision_id: 'a', bytes_billed: 5n });
    await copyAll(ledger);
    expect(await uncopiedQueries(ledger.read)).toEqual([]);
    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 5n]]);

    await settle(ledger, { decision_id: 'a', version: 2n, bytes_billed: 7n });
    const before = await keysAndBytes(ledger, { by: ['team'] });
    await copyAll(ledger);

    expect(before).toEqual([['atendimento', 7n]]);
    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 7n]]);
  });

  test('is read: what changes in it shows', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'a' });
    await settle(ledger, { decision_id: 'a' });
    await copyAll(ledger);

    await ledger.write((db) => db.updateTable('query_spend').set({ bytes_billed: 1n }).execute());

    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 1n]]);
  });

  test('is read for the kinds that are shown apart, too', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'a' });
    await settle(ledger, { decision_id: 'a', cache_hit: 1n });
    await decide(ledger, { id: 'b', outcome: 'unguarded', fingerprint: '' });
    await settle(ledger, { decision_id: 'b', source: 'reconciled' });
    await copyAll(ledger);

    await ledger.write((db) => db.updateTable('query_spend').set({ bytes_billed: 1n }).execute());

    expect(await settledKinds(ledger.read, always, 'UTC')).toMatchObject([
      { kind: 'cached', queries: 1, bytesBilled: 1n },
      { kind: 'unguarded', queries: 1, bytesBilled: 1n },
    ]);
  });

  test('tells the days of a time zone apart for those kinds, whether queries are copied or not', async () => {
    const ledger = await freshLedger();
    const cachedAt = async (id: string, at_ms: number) => {
      await decide(ledger, { id, at_ms: BigInt(at_ms) });
      await settle(ledger, { decision_id: id, cache_hit: 1n }, BigInt(at_ms));
    };
    const midnight = start + 3 * HOUR_MS;
    await cachedAt('a', midnight - 1);
    await cachedAt('b', midnight);
    await copyAll(ledger);
    await cachedAt('c', midnight - 1);
    await cachedAt('d', midnight + DAY_MS - 1);

    const kinds = await settledKinds(ledger.read, always, saoPaulo);

    expect(await uncopiedQueries(ledger.read)).toEqual(['c', 'd']);
    expect(kinds.map(({ kind, day, queries }) => [kind, day, queries])).toEqual([
      ['cached', '2026-10-31', 2],
      ['cached', '2026-11-01', 2],
    ]);
  });

  test('counts a settlement once that was copied before its decision came', async () => {
    const ledger = await freshLedger();
    await settle(ledger, { decision_id: 'a', at_ms: BigInt(start + 900) });
    await copyAll(ledger);
    const alone = await keysAndBytes(ledger, { by: ['team'] });

    await decide(ledger, { id: 'a', at_ms: BigInt(start) });
    await copyAll(ledger);

    expect(alone).toEqual([[null, 1000n]]);
    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 1000n]]);
  });

  test('forgets a query that, as reconciliation finds, never ran', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'a' });
    await settle(ledger, { decision_id: 'a', version: 0n, source: 'assumed' });
    await copyAll(ledger);

    await settle(ledger, { decision_id: 'a', version: 2n, source: 'reconciled', job_id: null });
    await copyAll(ledger);

    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([]);
  });

  test('is made by several processes at once without harm', async () => {
    const ledger = await freshLedger();
    for (let i = 0; i < 20; i += 1) {
      await decide(ledger, { id: `q${i}` });
      await settle(ledger, { decision_id: `q${i}`, bytes_billed: 1n });
      await sealNow(ledger);
    }

    await Promise.all([copyNextSpend(ledger), copyNextSpend(ledger), copyNextSpend(ledger)]);
    await copyAll(ledger);

    expect(await copiedUpTo(ledger.read)).toBe(20n);
    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 20n]]);
  });

  test('goes with what is pruned, and counts none of it twice', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'old', at_ms: BigInt(start) });
    await settle(ledger, { decision_id: 'old' });
    await decide(ledger, { id: 'new', at_ms: BigInt(start + 5 * DAY_MS) });
    await settle(ledger, { decision_id: 'new' }, BigInt(start + 5 * DAY_MS));
    await copyAll(ledger);

    await pruneRecords(ledger, { beforeMs: start + 2 * DAY_MS, nowMs: start + 6 * DAY_MS });

    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 2000n]]);
    const copied = await ledger.read.selectFrom('query_spend').select('decision_id').execute();
    expect(copied).toEqual([{ decision_id: 'new' }]);
  });

  test('counts a query once whose decision comes late, from days before, and is pruned before it is copied', async () => {
    const ledger = await freshLedger();
    await settle(ledger, { decision_id: 'late', at_ms: BigInt(start + 5 * DAY_MS) });
    await copyAll(ledger);

    await decide(ledger, { id: 'late', at_ms: BigInt(start) });
    await pruneRecords(ledger, { beforeMs: start + 2 * DAY_MS, nowMs: start + 6 * DAY_MS });
    await copyAll(ledger);

    expect(await keysAndBytes(ledger, { by: ['day'] })).toEqual([['2026-11-01', 1000n]]);
  });

  test('keeps a query without a decision until its first settlement is pruned, even if a later one has an earlier date', async () => {
    const ledger = await freshLedger();
    await decide(ledger, { id: 'old', at_ms: BigInt(start) });
    await settle(ledger, { decision_id: 'old' });
    await settle(ledger, { decision_id: 'lost', at_ms: BigInt(start + 5 * DAY_MS) });
    await settle(ledger, { decision_id: 'lost', version: 2n, at_ms: BigInt(start), bytes_billed: 7n });
    await copyAll(ledger);

    await pruneRecords(ledger, { beforeMs: start + 2 * DAY_MS, nowMs: start + 6 * DAY_MS });
    const kept = await keysAndBytes(ledger, { by: ['day'] });
    expect(kept).toEqual([
      ['2026-11-01', 1000n],
      ['2026-11-06', 7n],
    ]);
  });
});
