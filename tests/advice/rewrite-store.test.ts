import { expect, test } from 'vitest';
import { createRewriteStore, type StoredRewrite } from '../../src/advice/rewrite-store.ts';
import { freshLedger } from '../ledger/ledgers.ts';

function rewrite(changes: Partial<StoredRewrite> = {}): StoredRewrite {
  return {
    changes: [{ kind: 'columns', shows: 'id' }],
    sql: "SELECT id FROM t WHERE x = '\u0000'",
    result: 'changed',
    bytesBilled: 1n << 62n,
    savedOver: 'run',
    savedBytes: 2n,
    savedCost: { currency: 'USD', micros: 3n },
    passes: true,
    fingerprint: '0123456789abcdef',
    ...changes,
  };
}

test('rewrites are stored by decision, unchanged and in order', async () => {
  const store = createRewriteStore({ ledger: await freshLedger() });
  const rewrites = [rewrite(), rewrite({ result: 'same', passes: false, fingerprint: 'f' })];

  await store.save('a', rewrites);
  await store.save('b', []);

  expect(await store.ofDecision('a')).toEqual(rewrites);
  expect(await store.ofDecision('b')).toEqual([]);
});

test('rewrites saved twice for a decision, as after a lost answer of the ledger, are stored once', async () => {
  const store = createRewriteStore({ ledger: await freshLedger() });

  await store.save('a', [rewrite()]);
  await store.save('a', [rewrite({ savedBytes: 9n })]);

  expect(await store.ofDecision('a')).toEqual([rewrite()]);
});

test('rewrites of a kind that only a later version makes are left out', async () => {
  const ledger = await freshLedger();
  const store = createRewriteStore({ ledger });
  await store.save('a', [rewrite({ fingerprint: 'later' }), rewrite()]);
  await ledger.write((db) =>
    db
      .updateTable('rewrites')
      .set(({ fn, val }) => ({ content: fn('replace', ['content', val('"columns"'), val('"guessed"')]) }))
      .where('fingerprint', '=', 'later')
      .execute(),
  );

  expect(await store.ofDecision('a')).toEqual([rewrite()]);
});
