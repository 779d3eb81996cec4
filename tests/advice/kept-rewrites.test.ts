import { expect, test } from 'vitest';
import { createKeptRewrites, type KeptRewrite } from '../../src/advice/kept-rewrites.ts';
import { freshLedger } from '../ledger/ledgers.ts';

function rewrite(changes: Partial<KeptRewrite> = {}): KeptRewrite {
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

test('rewrites are kept with their decision as they are, the best first', async () => {
  const kept = createKeptRewrites({ ledger: await freshLedger() });
  const rewrites = [rewrite(), rewrite({ result: 'same', passes: false, fingerprint: 'f' })];

  await kept.keep('a', rewrites);
  await kept.keep('b', []);

  expect(await kept.of('a')).toEqual(rewrites);
  expect(await kept.of('b')).toEqual([]);
});

test('what is kept twice, as after a lost answer of the ledger, stands once', async () => {
  const kept = createKeptRewrites({ ledger: await freshLedger() });

  await kept.keep('a', [rewrite()]);
  await kept.keep('a', [rewrite({ savedBytes: 9n })]);

  expect(await kept.of('a')).toEqual([rewrite()]);
});
