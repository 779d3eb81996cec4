import { describe, expect, test } from 'vitest';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { balance, budget, HOUR, noon, noticesOf } from './builders.ts';

describe('the list', () => {
  test('shows notices as they were entered, newest first, as many as requested', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const found: BudgetBalance = balance({
      budget: budget({ per: 'person', whenExceeded: { only: ['sem-particao'] }, contact: 'Rui' }),
      account: 'ana',
      used: 2n ** 63n,
      limit: 2n ** 63n + 1n,
      reserved: 7n,
    });
    await notices.check([balance({ used: 26_000_000n })], noon);
    await notices.check([found], noon + 1);

    expect(await notices.list({ limit: 1 })).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        notice: {
          budget: 'atendimento-dia',
          account: 'ana',
          per: 'person',
          subject: { team: 'atendimento' },
          whenExceeded: 'only',
          window: 'day',
          windowKey: '2026-11-24',
          windowStartMs: noon - 12 * HOUR,
          windowEndMs: noon + 12 * HOUR,
          timeZone: 'America/Sao_Paulo',
          unit: 'BRL',
          limit: 2n ** 63n + 1n,
          used: 2n ** 63n,
          reserved: 7n,
          contact: 'Rui',
          threshold: 80,
          atMs: noon + 1,
          forecast: expect.objectContaining({ usedUpAtMs: expect.any(Number) }),
        },
        deliveredAtMs: null,
        attempts: 0,
        deliveries: [],
      },
    ]);
  });

  test('leaves out a notice about a kind of budget that only a later version knows', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    const [later, known] = [budget({ name: 'later' }), budget({ name: 'known' })];
    await notices.check([balance({ used: 26_000_000n, budget: later })], noon);
    await notices.check([balance({ used: 26_000_000n, budget: known })], noon);
    await ledger.write((db) =>
      db
        .updateTable('notices')
        .set(({ fn, val }) => ({ content: fn('replace', ['content', val('"day"'), val('"quarter"')]) }))
        .where('content', 'like', '%"later"%')
        .execute(),
    );

    expect((await notices.list({ limit: 10 })).map(({ notice }) => notice.budget)).toEqual(['known']);
  });

  test('names nobody to ask for a notice that was entered before budgets had contacts', async () => {
    const ledger = await freshLedger();
    const notices = noticesOf(ledger);
    await notices.check([balance({ used: 26_000_000n, budget: budget({ contact: 'Rui' }) })], noon);
    const { content } = await ledger.read.selectFrom('notices').select('content').executeTakeFirstOrThrow();
    const { contact: _, ...before } = JSON.parse(content);
    await ledger.write((db) =>
      db
        .updateTable('notices')
        .set({ content: JSON.stringify(before) })
        .execute(),
    );

    expect(await notices.list({ limit: 1 })).toMatchObject([{ notice: { contact: null } }]);
  });
});
