import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { sealNow } from '../../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../../src/records/pruning/prune.ts';
import { copyNextSpend } from '../../../../src/records/spend/copy/copy-spend.ts';
import { settledKinds } from '../../../../src/records/spend/settled-kinds.ts';
import { spendBy } from '../../../../src/records/spend/spend-by.ts';
import type { SpendKey, SpendQuery } from '../../../../src/records/spend/spend-query.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { always, saoPaulo, wronglyCopiedIn } from '../spend.ts';
import { copyAll, DAY_MS, decide, HOUR_MS, settle, start } from './copying.ts';

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
  return { spend, kinds: await settledKinds(ledger.read, always, saoPaulo) };
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
