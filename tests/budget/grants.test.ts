import { describe, expect, test } from 'vitest';
import { createGrants, type NewGrant } from '../../src/books/grants/grants.ts';
import { applyToBudgets } from '../../src/budget/reservations/apply.ts';
import { freshBook } from './account-book.ts';
import { budget, covering, HOUR_MS, noon, request, spend } from './builders.ts';

/** 500 bytes more for `budget()`, for an hour from noon on, unless changed. */
function grant(changes: Partial<NewGrant> = {}): NewGrant {
  return {
    budget: budget().name,
    account: '',
    unit: 'bytes',
    amount: 500n,
    reason: 'fechamento do mês',
    grantedBy: 'finops@example.com',
    grantedTo: 'ana@example.com',
    createdAtMs: noon,
    expiresAtMs: noon + HOUR_MS,
    ...changes,
  };
}

async function freshGrants() {
  const book = await freshBook();
  return { book, grants: createGrants({ ledger: book.ledger }) };
}

describe('a grant', () => {
  test('adds to the limit and can be spent to the last byte', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(grant());

    const within = await book.reserve(request({ decisionId: 'a', spend: spend(1500n) }));
    const beyond = await book.reserve(request({ decisionId: 'b', spend: spend(1n) }));

    expect(within).toMatchObject({
      reserved: true,
      balances: [{ limit: 1500n, granted: 500n }],
    });
    expect(beyond).toMatchObject({ reserved: false, balance: { reserved: 1500n, limit: 1500n } });
  });

  test('admits nothing once it has expired, and keeps what it admitted before', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(grant());
    await book.reserve(request({ decisionId: 'a', spend: spend(1400n) }));

    const later = await book.reserve(request({ decisionId: 'b', spend: spend(1n), atMs: noon + HOUR_MS }));

    expect(later).toMatchObject({ reserved: false, balance: { reserved: 1400n, limit: 1000n, granted: 0n } });
  });

  test('counts for each of the queries that are admitted together at its own time', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(grant());
    await grants.give(grant({ amount: 70n, createdAtMs: noon + HOUR_MS, expiresAtMs: noon + 2 * HOUR_MS }));

    const reserves = [noon, noon + HOUR_MS].map((atMs) =>
      request({ decisionId: `at ${atMs}`, atMs, spend: spend(1n) }),
    );
    const outcome = await book.ledger.write((db) => applyToBudgets(db, { charges: [], reserves, held: [] }));

    expect(outcome.reserves).toMatchObject([
      { value: { balances: [{ granted: 500n }] } },
      { value: { balances: [{ granted: 70n }] } },
    ]);
  });

  test('adds up with other grants of the same budget only', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(grant());
    await grants.give(grant({ amount: 7n }));
    await grants.give(grant({ budget: 'outro' }));

    const both = covering(budget(), budget({ name: 'outro' }));
    expect(await book.balances(both, noon)).toMatchObject([
      { limit: 1507n, granted: 507n },
      { limit: 1500n, granted: 500n },
    ]);
  });

  test("for one person raises that person's limit alone", async () => {
    const { book, grants } = await freshGrants();
    const perPerson = budget({ per: 'person' });
    const coverages = ['ana', 'bia'].map((account) => ({ budget: perPerson, account }));
    await grants.give(grant({ account: 'ana' }));
    await grants.give(grant({ amount: 3n }));

    const balances = await book.balances(coverages, noon);

    expect(balances.map(({ account, granted }) => [account, granted])).toEqual([
      ['ana', 503n],
      ['bia', 3n],
    ]);
    expect(await book.reserve(request({ coverages: coverages.slice(1), spend: spend(1004n) }))).toMatchObject(
      { reserved: false },
    );
    expect(
      await book.reserve(request({ coverages: coverages.slice(0, 1), spend: spend(1503n) })),
    ).toMatchObject({ reserved: true });
  });
});
