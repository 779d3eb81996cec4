import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Budgets, createBudgets } from '../../src/budget/budgets.ts';
import { MAX_AMOUNT } from '../../src/ledger/amount.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { brlLimit, budget, bytesLimit, noon, request, spend, temporaryFolder } from './builders.ts';

async function freshBudgets(): Promise<Budgets> {
  const ledger = await openLedger(`sqlite:${join(await temporaryFolder(), 'ledger.db')}`);
  onTestFinished(() => ledger.close());
  return createBudgets({ ledger, clock: () => noon });
}

async function standing(budgets: Budgets, of = budget(), atMs = noon) {
  const [balance] = await budgets.balances([of], atMs);
  return { used: balance?.used, reserved: balance?.reserved };
}

describe('reserving', () => {
  test('takes what is asked, up to the last byte of the limit', async () => {
    const budgets = await freshBudgets();

    const first = await budgets.reserve(request({ decisionId: 'a', spend: spend(600n) }));
    const second = await budgets.reserve(request({ decisionId: 'b', spend: spend(400n) }));

    expect([first.reserved, second.reserved]).toEqual([true, true]);
    expect(second.balances).toMatchObject([{ used: 0n, reserved: 1000n, limit: 1000n }]);
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 1000n });
  });

  test('refuses one byte too many, and tells how the budget stands', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ decisionId: 'a', spend: spend(600n) }));

    const refused = await budgets.reserve(request({ decisionId: 'b', spend: spend(401n) }));

    expect(refused).toMatchObject({
      reserved: false,
      asked: 401n,
      balance: { used: 0n, reserved: 600n, limit: 1000n },
    });
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 600n });
  });

  test('refuses an amount near the end of 64 bits like any other', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ decisionId: 'a', spend: spend(600n) }));

    const refused = await budgets.reserve(request({ decisionId: 'b', spend: spend(MAX_AMOUNT) }));

    expect(refused).toMatchObject({ reserved: false, asked: MAX_AMOUNT });
  });

  test('takes from all budgets or from none, and names the first that does not hold it', async () => {
    const budgets = await freshBudgets();
    const day = budget();
    const month = budget({ name: 'mes', window: 'month', limit: bytesLimit(500n) });
    const least = budget({ name: 'a-menor', limit: bytesLimit(1n) });

    const refused = await budgets.reserve(request({ budgets: [day, month, least], spend: spend(501n) }));

    expect(refused).toMatchObject({ reserved: false, balance: { budget: { name: 'mes' } } });
    expect(refused.balances.map(({ budget: { name } }) => name)).toEqual([
      'atendimento-dia',
      'mes',
      'a-menor',
    ]);
    expect(await standing(budgets, day)).toEqual({ used: 0n, reserved: 0n });
  });

  test('lets a budget that only warns be exceeded, counts it, and says so', async () => {
    const budgets = await freshBudgets();
    const warning = budget({ name: 'aviso', whenExceeded: 'warn', limit: bytesLimit(15n) });

    const within = await budgets.reserve(request({ decisionId: 'a', budgets: [budget(), warning] }));
    const beyond = await budgets.reserve(request({ decisionId: 'b', budgets: [budget(), warning] }));

    expect(within).toMatchObject({ reserved: true, exceededWarnings: [] });
    expect(beyond).toMatchObject({
      reserved: true,
      exceededWarnings: [{ budget: { name: 'aviso' }, reserved: 20n, limit: 15n }],
    });
    expect(await standing(budgets, warning)).toEqual({ used: 0n, reserved: 20n });
  });

  test('counts a decision once, however often it asks, also side by side', async () => {
    const budgets = await freshBudgets();

    const outcomes = await Promise.all([1, 2, 3].map(() => budgets.reserve(request({ spend: spend(600n) }))));

    expect(outcomes.map(({ reserved }) => reserved)).toEqual([true, true, true]);
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 600n });
  });

  test('does not take what a decision holds for what else it asks', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request());

    await expect(budgets.reserve(request({ spend: spend(11n) }))).rejects.toMatchObject({
      name: 'BudgetError',
      kind: 'reserved otherwise',
    });
    await expect(budgets.reserve(request({ budgets: [] }))).rejects.toThrow(/holds another reservation/);
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 10n });
  });

  test('does not take a settled decision for one that holds something', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request());
    await budgets.release('a');

    await expect(budgets.reserve(request())).rejects.toThrow(
      /is settled already\. Reserve under a new decision/,
    );
  });

  test('takes money at the rate of the pricing, rounded up', async () => {
    const budgets = await freshBudgets();
    const inReais = budget({ limit: brlLimit(55n) });

    const outcome = await budgets.reserve(request({ budgets: [inReais], spend: spend(0n, 9n) }));

    expect(outcome.reserved).toBe(true);
    expect(await standing(budgets, inReais)).toEqual({ used: 0n, reserved: 49n });
  });

  test('refuses a spend in another currency than the pricing', async () => {
    const budgets = await freshBudgets();
    const inEuros = { bytesBilled: 1n, cost: { currency: 'EUR', micros: 1n } };

    await expect(budgets.reserve(request({ spend: inEuros }))).rejects.toMatchObject({
      kind: 'wrong currency',
    });
  });

  test('never lets parallel queries add up to more than the limit', async () => {
    const budgets = await freshBudgets();
    const asked = Array.from({ length: 50 }, (_, i) => request({ decisionId: `q${i}`, spend: spend(70n) }));

    const outcomes = await Promise.all(asked.map((one) => budgets.reserve(one)));

    expect(outcomes.filter((outcome) => outcome.reserved)).toHaveLength(14);
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 980n });
  });

  test('starts anew when the window does', async () => {
    const budgets = await freshBudgets();
    const midnight = Date.parse('2026-11-25T03:00:00Z');
    await budgets.reserve(request({ decisionId: 'a', spend: spend(1000n), atMs: midnight - 1 }));

    const outcome = await budgets.reserve(request({ decisionId: 'b', spend: spend(1000n), atMs: midnight }));

    expect(outcome.reserved).toBe(true);
  });
});

describe('settling', () => {
  test('replaces what was reserved by what was billed, once', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ spend: spend(600n) }));

    const first = await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(250n) });
    const second = await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(300n) });

    expect([first, second]).toEqual(['settled', 'settled before']);
    expect(await standing(budgets)).toEqual({ used: 250n, reserved: 0n });
  });

  test('charges the window in which the query was admitted', async () => {
    const budgets = await freshBudgets();
    const midnight = Date.parse('2026-11-25T03:00:00Z');
    await budgets.reserve(request({ atMs: midnight - 1 }));

    await budgets.settle({ decisionId: 'a', atMs: midnight + 1, spend: spend(10n) });

    expect(await standing(budgets, budget(), midnight - 1)).toEqual({ used: 10n, reserved: 0n });
    expect(await standing(budgets, budget(), midnight)).toEqual({ used: 0n, reserved: 0n });
  });

  test('exchanges at the rate of admission', async () => {
    const budgets = await freshBudgets();
    const inReais = budget({ limit: brlLimit(54n) });
    await budgets.reserve(request({ budgets: [inReais] }));

    await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(10n) });

    expect(await standing(budgets, inReais)).toEqual({ used: 54n, reserved: 0n });
  });

  test('tells the truth where the bill is above the reservation', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request());

    await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(5000n) });

    expect(await standing(budgets)).toEqual({ used: 5000n, reserved: 0n });
  });

  test('says so of a decision that never reserved', async () => {
    const budgets = await freshBudgets();

    expect(await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(1n) })).toBe('never reserved');
    expect(await budgets.release('a')).toBe('never reserved');
  });

  test('refuses another currency than that of admission, and leaves the reservation', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request());
    const inEuros = { bytesBilled: 1n, cost: { currency: 'EUR', micros: 1n } };

    await expect(budgets.settle({ decisionId: 'a', atMs: noon, spend: inEuros })).rejects.toMatchObject({
      kind: 'wrong currency',
    });
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 10n });
  });

  test('gives everything back on release, for good', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request());

    const released = await budgets.release('a');
    const after = await budgets.settle({ decisionId: 'a', atMs: noon, spend: spend(10n) });

    expect([released, after]).toEqual(['settled', 'settled before']);
    expect(await standing(budgets)).toEqual({ used: 0n, reserved: 0n });
  });
});

describe('what was never settled', () => {
  test('is listed, oldest first, also of teams without budgets', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ decisionId: 'young', atMs: noon + 2 }));
    await budgets.reserve(request({ decisionId: 'old', atMs: noon, budgets: [] }));
    await budgets.reserve(request({ decisionId: 'settled', atMs: noon + 1 }));
    await budgets.release('settled');

    const all = await budgets.unsettled();
    const older = await budgets.unsettled({ olderThanMs: noon + 2 });

    expect(all.map(({ decisionId }) => decisionId)).toEqual(['old', 'young']);
    expect(older).toEqual([{ decisionId: 'old', atMs: noon, expiresAtMs: noon + 60_000, spend: spend(10n) }]);
  });

  test('is charged in full once it has expired, and told as assumed', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ decisionId: 'old', spend: spend(600n) }));
    await budgets.reserve(request({ decisionId: 'young', spend: spend(100n), atMs: noon + 1 }));

    const assumed = await budgets.repair(noon + 60_000);
    const again = await budgets.repair(noon + 60_000);

    expect(assumed).toMatchObject([
      { decisionId: 'old', atMs: noon + 60_000, bytesBilled: 600n, source: 'assumed', jobId: null },
    ]);
    expect(again).toEqual([]);
    expect(await standing(budgets)).toEqual({ used: 600n, reserved: 100n });
    expect((await budgets.unsettled()).map(({ decisionId }) => decisionId)).toEqual(['young']);
  });

  test('gives way to what is known after all', async () => {
    const budgets = await freshBudgets();
    await budgets.reserve(request({ spend: spend(600n) }));
    await budgets.repair(noon + 60_000);

    const known = await budgets.settle({ decisionId: 'a', atMs: noon + 60_001, spend: spend(250n) });

    expect(known).toBe('settled');
    expect(await standing(budgets)).toEqual({ used: 250n, reserved: 0n });
  });
});
