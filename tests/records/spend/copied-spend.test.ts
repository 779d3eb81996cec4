import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { enterInJournal, type JournalEntry } from '../../../src/records/journal/journal.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { copiedUpTo, copyNextSpend } from '../../../src/records/spend/copy-spend.ts';
import { uncopiedQueries } from '../../../src/records/spend/portions.ts';
import { settledKinds } from '../../../src/records/spend/settled-kinds.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { SpendKey, SpendQuery } from '../../../src/records/spend/spend-query.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decisionRow, settlementRow } from '../journal/entries.ts';
import { insertEntry } from '../journal/insert-entry.ts';
import { always, keysAndBytes, saoPaulo, wronglyCopiedIn } from './spend.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const start = Date.UTC(2026, 10, 1);

/** As the books enter it. */
async function enter(ledger: Ledger, entry: JournalEntry): Promise<void> {
  await ledger.write(async (db) => {
    await insertEntry(db, entry);
    await enterInJournal(db, [entry]);
  });
}

const decide = (ledger: Ledger, changes: Parameters<typeof decisionRow>[0], tables: readonly string[] = []) =>
  enter(ledger, { kind: 'decision', row: decisionRow(changes), tables });

const settle = (ledger: Ledger, changes: Parameters<typeof settlementRow>[0], decisionAtMs = BigInt(start)) =>
  enter(ledger, { kind: 'settlement', row: settlementRow(changes), decisionAtMs });

async function copyAll(ledger: Ledger): Promise<void> {
  await sealNow(ledger);
  while (await copyNextSpend(ledger));
}

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

    expect(await settledKinds(ledger.read, always)).toMatchObject([
      { kind: 'cached', queries: 1, bytesBilled: 1n },
      { kind: 'unguarded', queries: 1, bytesBilled: 1n },
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

const step = fc.oneof(
  fc.record({
    do: fc.constant('decide' as const),
    id: fc.nat(5),
    team: fc.constantFrom('atendimento', 'finops'),
    person: fc.constantFrom(null, '12', '13'),
    tables: fc.subarray(['p.d.tickets', 'p.d.messages']),
    isUnguarded: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('settle' as const),
    id: fc.nat(5),
    version: fc.bigInt({ min: 0n, max: 3n }),
    afterMs: fc.nat(3 * HOUR_MS),
    bytes: fc.bigInt({ min: 0n, max: 1n << 50n }),
    currency: fc.constantFrom('USD', 'BRL'),
    source: fc.constantFrom('response', 'not run', 'assumed', 'reconciled', 'repeated'),
    hasJob: fc.boolean(),
    cacheHit: fc.bigInt({ min: 0n, max: 1n }),
  }),
  fc.record({ do: fc.constantFrom('seal' as const, 'copy' as const) }),
  fc.record({ do: fc.constant('prune' as const), days: fc.nat(4) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** When each query is admitted. Those that are lost are pruned by when they are settled, which is on the same day here. */
const admissions = fc.array(
  fc.tuple(fc.nat(3), fc.nat(20 * HOUR_MS)).map(([day, ms]) => BigInt(start + day * DAY_MS + ms)),
  { minLength: 6, maxLength: 6 },
);

/** Does nothing where the books would refuse it. */
async function take(
  ledger: Ledger,
  one: Step,
  { admitted, copies }: { readonly admitted: readonly bigint[]; readonly copies: boolean },
) {
  if (one.do === 'decide') {
    const { id, team, person, tables, isUnguarded } = one;
    const at_ms = admitted[id] ?? 0n;
    // As reconciliation enters it.
    const kind = isUnguarded ? { outcome: 'unguarded', fingerprint: '' } : {};
    await decide(ledger, { id: `q${id}`, at_ms, team, person, ...kind }, tables).catch(ignore);
  }
  if (one.do === 'settle') {
    const { id, version, afterMs, bytes, currency, source, hasJob, cacheHit } = one;
    const decision_id = `q${id}`;
    const admittedAtMs = admitted[id] ?? 0n;
    await settle(
      ledger,
      {
        decision_id,
        version,
        at_ms: admittedAtMs + BigInt(afterMs),
        bytes_billed: bytes,
        cost_micros: bytes >> 10n,
        free_bytes: bytes >> 1n,
        currency,
        source,
        job_id: hasJob ? `p:US.${decision_id}` : null,
        cache_hit: cacheHit,
      },
      admittedAtMs,
    ).catch(ignore);
  }
  if (one.do === 'seal') await sealNow(ledger);
  if (one.do === 'copy' && copies) await copyNextSpend(ledger);
  if (one.do === 'prune') {
    await pruneRecords(ledger, { beforeMs: start + one.days * DAY_MS, nowMs: start + 9 * DAY_MS });
  }
}

function ignore(): void {
  // An entry of that key exists.
}

const groupings: readonly (readonly SpendKey[])[] = [
  ['team'],
  ['person', 'team'],
  ['table'],
  ['day'],
  ['team', 'day', 'table'],
];
const queries: readonly SpendQuery[] = groupings.flatMap((by) => [
  { by, ...always, timeZone: saoPaulo },
  { by, fromMs: start + DAY_MS / 3, toMs: start + 2.5 * DAY_MS, timeZone: saoPaulo, team: 'finops' },
  { by, fromMs: start + DAY_MS, toMs: start + 3 * DAY_MS },
]);

/** Everything that is summed from the copy. */
async function sumsOf(ledger: Ledger) {
  const spend = [];
  for (const query of queries) spend.push(await spendBy(ledger.read, query));
  return { spend, kinds: await settledKinds(ledger.read, always) };
}

test('spend is the same with the copy as without, whatever came in which order', async () => {
  await fc.assert(
    fc.asyncProperty(admissions, fc.array(step, { minLength: 5, maxLength: 40 }), async (admitted, steps) => {
      const [copying, plain] = [await freshLedger(), await freshLedger()];
      for (const one of steps) {
        await take(copying, one, { admitted, copies: true });
        await take(plain, one, { admitted, copies: false });
      }
      expect(await sumsOf(copying)).toEqual(await sumsOf(plain));
      expect(await wronglyCopiedIn(copying)).toEqual([]);
      await copyAll(copying);
      expect(await wronglyCopiedIn(copying)).toEqual([]);
      expect(await sumsOf(copying)).toEqual(await sumsOf(plain));
    }),
    { numRuns: 15, endOnFailure: true },
  );
});
