import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createSavings } from '../../../src/reports/savings/savings.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { copyAtOnce } from '../../records/spend/spend.ts';
import { refuse, run } from './books.ts';

const DAY_MS = 86_400_000;
const DAYS = 3;

interface Event {
  readonly kind: 'refuse' | 'run' | 'run the offer';
  readonly person: string;
  readonly fingerprint: string;
  readonly offsetMs: number;
  readonly amount: bigint;
  readonly offers: boolean;
}

/** What happens in some days: few persons and queries, so that much of it belongs together. */
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom('refuse', 'run', 'run the offer'),
  person: fc.constantFrom('12', '13'),
  fingerprint: fc.constantFrom('q', 'p'),
  offsetMs: fc.nat(DAYS * DAY_MS - 2),
  amount: fc.bigInt({ min: 0n, max: 1000n }),
  offers: fc.boolean(),
});
const events = fc.array(event, { minLength: 1, maxLength: 8 });

/** A part of a ledger that no other example of a property sees: days and persons of its own. */
interface Stretch {
  readonly ledger: Ledger;
  readonly number: number;
}

function* stretchesOf(ledger: Ledger): Generator<Stretch, never> {
  for (let number = 0; ; number += 1) yield { ledger, number };
}

function startOf({ number }: Stretch): number {
  return Date.UTC(2020, 0, 1) + number * 10 * DAY_MS;
}

async function enterAll(stretch: Stretch, happened: readonly Event[]): Promise<void> {
  for (const { kind, person, fingerprint, offsetMs, amount, offers } of happened) {
    const asked = {
      at: startOf(stretch) + offsetMs,
      person: `${person} of ${stretch.number}`,
      fingerprint: kind === 'run the offer' ? `other ${fingerprint}` : fingerprint,
      bytes: amount,
      micros: amount,
    };
    if (kind === 'refuse') await refuse(stretch.ledger, asked, offers ? [`other ${fingerprint}`] : []);
    else await run(stretch.ledger, asked);
  }
}

async function savedIn(stretch: Stretch, days: readonly [number, number] = [0, DAYS]) {
  const dayAt = (day: number) => new Date(startOf(stretch) + day * DAY_MS).toISOString().slice(0, 10);
  const { rows } = await createSavings({ ledger: stretch.ledger }).report({
    by: ['team'],
    from: dayAt(days[0]),
    to: dayAt(days[1]),
    timeZone: 'UTC',
  });
  const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);
  return {
    needs: rows.reduce((all, { needs }) => all + needs, 0),
    estimatedBytes: sum(rows.map(({ estimatedBytes }) => estimatedBytes)),
    savedBytes: sum(rows.map(({ savedBytes }) => savedBytes)),
    savedCostMicros: sum(rows.map(({ savedCostMicros }) => savedCostMicros)),
    tookRewrites: rows.reduce((all, { cause, needs }) => all + (cause === 'rewrite' ? needs : 0), 0),
  };
}

function refusalsOf(happened: readonly Event[]): readonly Event[] {
  return happened.filter(({ kind }) => kind === 'refuse');
}

interface Retry {
  readonly which: number;
  readonly laterBy: number;
  readonly moreBytes: bigint;
}

const again: fc.Arbitrary<Retry> = fc.record({
  which: fc.nat(),
  laterBy: fc.double({ min: 0, max: 1, noNaN: true }),
  moreBytes: fc.bigInt({ min: 0n, max: 100n }),
});

/** The same need once more, later on its day. */
function retryOf(happened: readonly Event[], { which, laterBy, moreBytes }: Retry): Event | null {
  const refusals = refusalsOf(happened);
  const first = refusals[which % refusals.length];
  if (first === undefined) return null;
  const restOfDayMs = DAY_MS - 1 - (first.offsetMs % DAY_MS);
  return {
    ...first,
    offsetMs: first.offsetMs + Math.floor(laterBy * restOfDayMs),
    amount: first.amount + moreBytes,
    offers: false,
  };
}

test('another refusal of the same query, at whatever estimate, does not raise the sum', async () => {
  const stretches = stretchesOf(await freshLedger());
  await fc.assert(
    fc.asyncProperty(events, fc.nat(), event, async (happened, which, other) => {
      const stretch = stretches.next().value;
      const refusals = refusalsOf(happened);
      const known = refusals[which % refusals.length];
      fc.pre(known !== undefined);
      const { person, fingerprint, offsetMs } = known;
      const day = offsetMs - (offsetMs % DAY_MS);
      await enterAll(stretch, happened);
      const before = await savedIn(stretch);

      const sameDay = day + (other.offsetMs % DAY_MS);
      await enterAll(stretch, [{ ...other, kind: 'refuse', person, fingerprint, offsetMs: sameDay }]);

      const after = await savedIn(stretch);
      expect(after.needs).toBe(before.needs);
      expect(after.savedBytes <= before.savedBytes).toBe(true);
      expect(after.savedCostMicros <= before.savedCostMicros).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a retry adds nothing', async () => {
  const stretches = stretchesOf(await freshLedger());
  await fc.assert(
    fc.asyncProperty(events, again, async (happened, more) => {
      const stretch = stretches.next().value;
      const retry = retryOf(happened, more);
      fc.pre(retry !== null);
      await enterAll(stretch, happened);
      const before = await savedIn(stretch);

      await enterAll(stretch, [retry]);

      expect(await savedIn(stretch)).toEqual(before);
    }),
    { numRuns: 40 },
  );
});

test('the days of a period add up to the whole', async () => {
  const stretches = stretchesOf(await freshLedger());
  await fc.assert(
    fc.asyncProperty(events, fc.integer({ min: 1, max: DAYS - 1 }), async (happened, cut) => {
      const stretch = stretches.next().value;
      await enterAll(stretch, happened);

      const whole = await savedIn(stretch);

      const parts = [await savedIn(stretch, [0, cut]), await savedIn(stretch, [cut, DAYS])] as const;
      expect(parts[0].needs + parts[1].needs).toBe(whole.needs);
      expect(parts[0].savedBytes + parts[1].savedBytes).toBe(whole.savedBytes);
      expect(parts[0].savedCostMicros + parts[1].savedCostMicros).toBe(whole.savedCostMicros);
    }),
    { numRuns: 40 },
  );
});

test('every refused need counts under exactly one cause, for no more than its estimate', async () => {
  const stretches = stretchesOf(await freshLedger());
  await fc.assert(
    fc.asyncProperty(events, async (happened) => {
      const stretch = stretches.next().value;
      await enterAll(stretch, happened);

      const saved = await savedIn(stretch);

      const needs = refusalsOf(happened).map(({ person, fingerprint, offsetMs }) =>
        JSON.stringify([person, fingerprint, Math.floor(offsetMs / DAY_MS)]),
      );
      expect(saved.needs).toBe(new Set(needs).size);
      expect(saved.savedBytes <= saved.estimatedBytes).toBe(true);
      expect(saved.savedBytes >= 0n).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('what was saved is the same with the copy of spend as without', async () => {
  const ledger = await freshLedger();
  const stretches = stretchesOf(ledger);
  await fc.assert(
    fc.asyncProperty(events, async (happened) => {
      const stretch = stretches.next().value;
      await ledger.write((db) => db.deleteFrom('query_spend_cursors').execute());
      await enterAll(stretch, happened);
      const without = await savedIn(stretch);

      await copyAtOnce(ledger);

      expect(await savedIn(stretch)).toEqual(without);
    }),
    { numRuns: 40 },
  );
});

test('runs are looked for in the copy of spend', async () => {
  const ledger = await freshLedger();
  const stretch = stretchesOf(ledger).next().value;
  const asked = { person: '12', fingerprint: 'q', offers: false };
  await enterAll(stretch, [
    { ...asked, kind: 'refuse', offsetMs: 0, amount: 100n },
    { ...asked, kind: 'run', offsetMs: 1000, amount: 30n },
  ]);
  await copyAtOnce(ledger);
  const copied = await savedIn(stretch);

  await ledger.write((db) => db.deleteFrom('query_spend').execute());

  expect(copied.savedBytes).toBe(70n);
  expect((await savedIn(stretch)).savedBytes).toBe(100n);
});
