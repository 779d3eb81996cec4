import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from '../../../src/vocabulary/max-amount.ts';
import { charge, freshBook } from '../account-book.ts';
import { brlLimit, budget, bytesLimit, covering, HOUR_MS, noon, request, spend } from '../builders.ts';

const midnight = Date.parse('2026-11-25T03:00:00Z');

describe('reserving', () => {
  test('takes the amount asked for, up to the last byte of the limit', async () => {
    const book = await freshBook();

    const first = await book.reserve(request({ decisionId: 'a', spend: spend(600n) }));
    const second = await book.reserve(request({ decisionId: 'b', spend: spend(400n) }));

    expect([first.reserved, second.reserved]).toEqual([true, true]);
    expect(second.balances).toMatchObject([{ used: 0n, reserved: 1000n, limit: 1000n }]);
    expect(await book.stands()).toEqual({ used: 0n, reserved: 1000n });
  });

  test('refuses a request that is one byte too large and returns the balance', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a', spend: spend(600n) }));

    const refused = await book.reserve(request({ decisionId: 'b', spend: spend(401n) }));

    expect(refused).toMatchObject({
      reserved: false,
      asked: 401n,
      balance: { used: 0n, reserved: 600n, limit: 1000n },
    });
    expect(await book.stands()).toEqual({ used: 0n, reserved: 600n });
  });

  test('refuses an amount near the 64-bit maximum like any other', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a', spend: spend(600n) }));

    const refused = await book.reserve(request({ decisionId: 'b', spend: spend(MAX_AMOUNT) }));

    expect(refused).toMatchObject({ reserved: false, asked: MAX_AMOUNT });
  });

  test('takes from all budgets or from none, and names the first that lacks the room', async () => {
    const book = await freshBook();
    const day = budget();
    const month = budget({ name: 'mes', window: 'month', limit: bytesLimit(500n) });
    const least = budget({ name: 'a-menor', limit: bytesLimit(1n) });

    const refused = await book.reserve(
      request({ coverages: covering(day, month, least), spend: spend(501n) }),
    );

    expect(refused).toMatchObject({ reserved: false, balance: { budget: { name: 'mes' } } });
    expect(refused.balances.map(({ budget: { name } }) => name)).toEqual([
      'atendimento-dia',
      'mes',
      'a-menor',
    ]);
    expect(await book.stands(day)).toEqual({ used: 0n, reserved: 0n });
  });

  test('lets a budget that only warns be exceeded, and counts the query', async () => {
    const book = await freshBook();
    const warning = budget({ name: 'aviso', whenExceeded: 'warn', limit: bytesLimit(15n) });
    const coverages = covering(budget(), warning);

    const within = await book.reserve(request({ decisionId: 'a', coverages }));
    const beyond = await book.reserve(request({ decisionId: 'b', coverages }));

    expect(within).toMatchObject({ reserved: true });
    expect(beyond).toMatchObject({
      reserved: true,
      balances: [{}, { budget: { name: 'aviso' }, reserved: 20n, limit: 15n }],
    });
    expect(await book.stands(warning)).toEqual({ used: 0n, reserved: 20n });
  });

  test('leaves what was spent as it is when a query is refused', async () => {
    const book = await freshBook();
    await book.reserve(request({ spend: spend(600n) }));
    await book.charge(charge('a', spend(600n)));

    const refused = await book.reserve(request({ decisionId: 'b', spend: spend(401n) }));

    expect(refused).toMatchObject({ reserved: false, balance: { window: { endMs: midnight } } });
    expect(await book.stands()).toEqual({ used: 600n, reserved: 0n });
  });

  test('counts a decision once, however often it asks', async () => {
    const book = await freshBook();

    for (let times = 0; times < 3; times += 1) {
      expect(await book.reserve(request({ spend: spend(600n) }))).toMatchObject({
        reserved: true,
        balances: [{ reserved: 600n }],
      });
    }

    expect(await book.stands()).toEqual({ used: 0n, reserved: 600n });
  });

  test.each([
    ['bytes', { spend: spend(2n) }],
    ['cost', { spend: spend(1n, 2n) }],
    ['accounts', { coverages: [{ budget: budget(), account: 'ana' }] }],
    ['number of budgets', { coverages: covering(budget(), budget({ name: 'outro' })) }],
    ['unit', { coverages: covering(budget({ limit: { measure: 'queries', queries: 9n } })) }],
    ['window', { atMs: noon + 24 * HOUR_MS }],
  ])('rejects a second request of the same decision that differs in its %s', async (_what, changes) => {
    const book = await freshBook();
    await book.reserve(request({ spend: spend(1n) }));

    await expect(book.reserve(request({ spend: spend(1n), ...changes }))).rejects.toMatchObject({
      name: 'BudgetError',
      kind: 'reserved otherwise',
    });
  });

  test('rejects a second request of the same decision that holds nothing', async () => {
    const book = await freshBook();
    await book.reserve(request());

    await expect(book.reserve(request({ coverages: [] }))).rejects.toThrow(/holds another reservation/);
    expect(await book.stands()).toEqual({ used: 0n, reserved: 10n });
  });

  test('rejects a decision that is already settled', async () => {
    const book = await freshBook();
    await book.reserve(request());
    await book.charge(charge('a', spend(0n)));

    await expect(book.reserve(request())).rejects.toThrow(
      /is settled already\. Reserve under a new decision/,
    );
  });

  test('takes money at the exchange rate of the pricing, rounded up', async () => {
    const book = await freshBook();
    const inReais = budget({ limit: brlLimit(55n) });

    const outcome = await book.reserve(request({ coverages: covering(inReais), spend: spend(0n, 9n) }));

    expect(outcome.reserved).toBe(true);
    expect(await book.stands(inReais)).toEqual({ used: 0n, reserved: 49n });
  });

  test('refuses a spend in another currency than the pricing', async () => {
    const book = await freshBook();
    const inEuros = { ...spend(1n), cost: { currency: 'EUR', micros: 1n } };

    await expect(book.reserve(request({ spend: inEuros }))).rejects.toMatchObject({ kind: 'wrong currency' });
  });

  test('refuses a budget in a currency that the pricing cannot exchange', async () => {
    const book = await freshBook();
    const inEuros = budget({ limit: { measure: 'money', money: { currency: 'EUR', micros: 5n } } });

    await expect(book.reserve(request({ coverages: covering(inEuros) }))).rejects.toMatchObject({
      kind: 'no exchange rate',
      message: expect.stringContaining('no rate from USD'),
    });
  });

  test('never lets concurrent queries add up to more than the limit', async () => {
    const book = await freshBook();
    const asked = Array.from({ length: 50 }, (_, i) => request({ decisionId: `q${i}`, spend: spend(70n) }));

    const outcomes = await Promise.all(asked.map((one) => book.reserve(one)));

    expect(outcomes.filter((outcome) => outcome.reserved)).toHaveLength(14);
    expect(await book.stands()).toEqual({ used: 0n, reserved: 980n });
  });

  test('starts again at zero with a new window', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a', spend: spend(1000n), atMs: midnight - 1 }));

    const outcome = await book.reserve(request({ decisionId: 'b', spend: spend(1000n), atMs: midnight }));

    expect(outcome.reserved).toBe(true);
    expect(outcome.balances).toMatchObject([{ window: { key: '2026-11-25' }, reserved: 1000n }]);
  });

  test('counts a query that has already run, even beyond the limit', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a', spend: spend(1000n) }));

    const outcome = await book.reserve(
      request({ decisionId: 'b', spend: spend(500n), atMs: noon, regardless: true }),
    );

    expect(outcome).toMatchObject({ reserved: true, balances: [{ reserved: 1500n, limit: 1000n }] });
    expect(await book.stands()).toEqual({ used: 0n, reserved: 1500n });
  });

  test.each(['day', 'rolling-24h'] as const)(
    'leaves no row for an account from which nothing was taken, over a window of %s',
    async (window) => {
      const book = await freshBook();
      const covered = [{ budget: budget({ per: 'person', window }), account: 'metabase:made-up' }];

      const outcome = await book.reserve(request({ coverages: covered, spend: spend(1001n) }));

      expect(outcome.reserved).toBe(false);
      expect(await book.ledger.read.selectFrom('budget_windows').selectAll().execute()).toEqual([]);
    },
  );

  test('changes nothing when a sum exceeds what the ledger can hold', async () => {
    const book = await freshBook();
    const warning = budget({ name: 'aviso', whenExceeded: 'warn' });
    const coverages = covering(budget({ whenExceeded: 'warn' }), warning);
    await book.reserve(request({ decisionId: 'a', coverages: covering(warning) }));

    const beyond = book.reserve(request({ decisionId: 'b', coverages, spend: spend(MAX_AMOUNT, 1n) }));

    await expect(beyond).rejects.toMatchObject({ kind: 'amount out of range' });
    expect(await book.stands(budget())).toEqual({ used: 0n, reserved: 0n });
    expect(await book.stands(warning)).toEqual({ used: 0n, reserved: 10n });
    expect(await book.expired(Number.MAX_SAFE_INTEGER, 10)).toMatchObject([{ decisionId: 'a' }]);
  });
});
