import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Budgets, createBudgets } from '../../src/budget/budgets.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { Budget } from '../../src/vocabulary/policy.ts';
import { brlLimit, budget, bytesLimit, noon, pricing, request, spend } from './builders.ts';

const LIFETIME_MS = 60_000;

const day = budget({ name: 'dia', limit: bytesLimit(1000n) });
const month = budget({ name: 'mes', window: 'month', limit: brlLimit(9000n) });
const warning = budget({ name: 'aviso', limit: bytesLimit(300n), whenExceeded: 'warn' });
const all = [day, month, warning];

/** What the model knows of one decision: its bytes reserved, and once it is closed its bytes charged. */
interface Known {
  readonly budgets: readonly Budget[];
  readonly atMs: number;
  readonly reserved: bigint;
  readonly charged: bigint | null;
  readonly assumed: boolean;
}

type Model = Map<string, Known>;
type Act = fc.AsyncCommand<Model, Budgets>;

/** The same arithmetic as the ledger's, written down once more and simply: micros are as many as bytes. */
function amountIn(of: Budget, bytes: bigint): bigint {
  return of.limit.measure === 'bytes' ? bytes : (bytes * 54n + 9n) / 10n;
}

function expected(model: Model, of: Budget) {
  const parts = [...model.values()].filter(({ budgets }) => budgets.includes(of));
  const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);
  return {
    used: sum(parts.map(({ charged }) => (charged === null ? 0n : amountIn(of, charged)))),
    reserved: sum(parts.map(({ charged, reserved }) => (charged === null ? amountIn(of, reserved) : 0n))),
  };
}

function limitOf(of: Budget): bigint {
  return of.limit.measure === 'bytes' ? of.limit.bytes : of.limit.money.micros;
}

async function check(model: Model, real: Budgets): Promise<void> {
  const balances = await real.balances(all, noon);
  expect(balances.map(({ used, reserved }) => ({ used, reserved }))).toEqual(
    all.map((of) => expected(model, of)),
  );
  const overcharged = [...model.values()].some(({ charged, reserved }) => (charged ?? 0n) > reserved);
  for (const { budget: of, used, reserved, limit } of balances) {
    if (of.whenExceeded === 'deny' && !overcharged) expect(used + reserved).toBeLessThanOrEqual(limit);
  }
}

function act(label: string, run: (model: Model, real: Budgets) => Promise<void>): Act {
  return {
    check: () => true,
    async run(model, real) {
      await run(model, real);
      await check(model, real);
    },
    toString: () => label,
  };
}

function reserve(id: string, bytes: bigint, budgets: readonly Budget[], afterMs: number): Act {
  return act(`reserve(${id}, ${bytes}, ${budgets.map(({ name }) => name)})`, async (model, real) => {
    // A decision asks again for what it asked before; to ask for something else is an error, tested elsewhere.
    const known = model.get(id);
    if (known !== undefined && known.charged !== null) return;
    const asks = known ?? { budgets, atMs: noon + afterMs, reserved: bytes, charged: null, assumed: false };
    const fits = asks.budgets.every((of) => {
      const { used, reserved } = expected(model, of);
      return of.whenExceeded === 'warn' || used + reserved + amountIn(of, bytes) <= limitOf(of);
    });

    const outcome = await real.reserve(
      request({
        decisionId: id,
        budgets: asks.budgets,
        atMs: asks.atMs,
        pricing,
        spend: spend(asks.reserved),
        expiresAtMs: asks.atMs + LIFETIME_MS,
      }),
    );

    expect(outcome.reserved).toBe(known !== undefined || fits);
    if (outcome.reserved) model.set(id, asks);
  });
}

function settle(id: string, bytes: bigint, capped: boolean): Act {
  return act(`settle(${id}, ${bytes}${capped ? ', capped' : ''})`, async (model, real) => {
    const known = model.get(id);
    const billed = capped && known !== undefined && bytes > known.reserved ? known.reserved : bytes;

    await real.settle({ decisionId: id, atMs: noon, spend: spend(billed) });

    if (known === undefined || (known.charged !== null && !known.assumed)) return;
    model.set(id, { ...known, charged: billed, assumed: false });
  });
}

function release(id: string): Act {
  return act(`release(${id})`, async (model, real) => {
    await real.release(id);

    const known = model.get(id);
    if (known === undefined || (known.charged !== null && !known.assumed)) return;
    model.set(id, { ...known, charged: 0n, assumed: false });
  });
}

function repair(afterMs: number): Act {
  return act(`repair(${afterMs})`, async (model, real) => {
    const nowMs = noon + afterMs;
    const due = [...model].filter(([, { charged, atMs }]) => charged === null && atMs + LIFETIME_MS <= nowMs);

    const assumed = await real.repair(nowMs);

    expect(assumed.map(({ decisionId }) => decisionId).sort()).toEqual(due.map(([id]) => id).sort());
    for (const [id, known] of due) model.set(id, { ...known, charged: known.reserved, assumed: true });
  });
}

const id = fc.nat(9).map((i) => `q${i}`);
const bytes = fc.oneof(fc.bigInt({ min: 0n, max: 600n }), fc.constantFrom(0n, 1n, 999n, 1000n, 1001n));

function acts(capped: fc.Arbitrary<boolean>) {
  return fc.commands(
    [
      fc
        .tuple(id, bytes, fc.subarray(all), fc.nat(LIFETIME_MS))
        .map(([of, amount, budgets, afterMs]) => reserve(of, amount, budgets, afterMs)),
      fc.tuple(id, bytes, capped).map(([of, amount, isCapped]) => settle(of, amount, isCapped)),
      id.map(release),
      fc.nat(3 * LIFETIME_MS).map(repair),
    ],
    { maxCommands: 40 },
  );
}

async function runs(commands: Iterable<Act>): Promise<void> {
  const ledger = await openLedger('sqlite::memory:');
  try {
    await fc.asyncModelRun(
      () => ({ model: new Map(), real: createBudgets({ ledger, clock: () => noon }) }),
      commands,
    );
  } finally {
    await ledger.close();
  }
}

test('whatever happens in whatever order, limits hold and used is the sum of what was settled', async () => {
  await fc.assert(fc.asyncProperty(acts(fc.constant(true)), runs), { numRuns: 60 });
});

test('where bills pass what was reserved, used is still the sum of what was settled', async () => {
  await fc.assert(fc.asyncProperty(acts(fc.boolean()), runs), { numRuns: 40 });
});
