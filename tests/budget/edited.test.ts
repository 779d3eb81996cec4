import { describe, expect, test } from 'vitest';
import { charge, freshBook } from './account-book.ts';
import { brlLimit, budget, bytesLimit, covering, request, spend } from './builders.ts';

/** The day's budget of 1,000 bytes, of which 600 are spent and 100 reserved. */
async function halfSpent() {
  const book = await freshBook();
  await book.reserve(request({ spend: spend(700n) }));
  await book.charge(charge('a', spend(600n)));
  await book.reserve(request({ decisionId: 'b', spend: spend(100n) }));
  return book;
}

describe('a budget that is edited while queries run', () => {
  test.each([
    ['limit', budget({ limit: bytesLimit(5000n) })],
    ['selector', budget({ subject: { team: 'finops' } })],
    ['action when it is exceeded', budget({ whenExceeded: 'warn' })],
  ])('goes on with its spend under another %s', async (_what, edited) => {
    const book = await halfSpent();

    expect(await book.stands(edited)).toEqual({ used: 600n, reserved: 100n });
  });

  test.each([
    ['name', budget({ name: 'outro' })],
    ['window', budget({ window: 'month' })],
    ['unit', budget({ limit: brlLimit(1000n) })],
  ])(
    'starts at nothing under another %s, and gets its spend back if the edit is undone',
    async (_what, edited) => {
      const book = await halfSpent();

      expect(await book.stands(edited)).toEqual({ used: 0n, reserved: 0n });
      await book.charge(charge('b', spend(50n)));
      expect(await book.stands(edited)).toEqual({ used: 0n, reserved: 0n });
      expect(await book.stands(budget())).toEqual({ used: 650n, reserved: 0n });
    },
  );

  test('is held to a smaller limit at once, whatever was admitted before', async () => {
    const book = await halfSpent();
    const smaller = covering(budget({ limit: bytesLimit(700n) }));

    const outcome = await book.reserve(request({ decisionId: 'c', coverages: smaller, spend: spend(1n) }));

    expect(outcome.reserved).toBe(false);
  });
});
