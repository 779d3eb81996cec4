import { describe, expect, test } from 'vitest';
import { createGrants, type GrantRequest } from '../../src/books/grants.ts';
import { MAX_AMOUNT } from '../../src/ledger/amount.ts';
import { type AccountBook, freshBook } from '../budget/account-book.ts';
import { brlLimit, budget, covering, HOUR_MS, noon, request, spend } from '../budget/builders.ts';
import { verified } from '../records/journal-builders.ts';

/** 500 bytes more for `budget()`, for an hour from noon on, unless said otherwise. */
function asked(changes: Partial<GrantRequest> = {}): GrantRequest {
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

/** What `budget()` holds in all at an instant, and which part of it was granted. */
async function limitAt(book: AccountBook, atMs: number) {
  const [balance] = await book.balances(covering(budget()), atMs);
  return [balance?.limit, balance?.granted];
}

describe('a grant', () => {
  test('is there to be spent on top of the limit, to the last byte', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(asked());

    const within = await book.reserve(request({ decisionId: 'a', spend: spend(1500n) }));
    const beyond = await book.reserve(request({ decisionId: 'b', spend: spend(1n) }));

    expect(within).toMatchObject({
      reserved: true,
      exceeded: [],
      balances: [{ limit: 1500n, granted: 500n }],
    });
    expect(beyond).toMatchObject({ reserved: false, balance: { reserved: 1500n, limit: 1500n } });
  });

  test('counts from when it is given until it expires', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(asked());

    expect(await limitAt(book, noon - 1)).toEqual([1000n, 0n]);
    expect(await limitAt(book, noon)).toEqual([1500n, 500n]);
    expect(await limitAt(book, noon + HOUR_MS - 1)).toEqual([1500n, 500n]);
    expect(await limitAt(book, noon + HOUR_MS)).toEqual([1000n, 0n]);
  });

  test('lets nothing more in once it has expired, and takes nothing back that it let in', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(asked());
    await book.reserve(request({ decisionId: 'a', spend: spend(1400n) }));

    const later = await book.reserve(request({ decisionId: 'b', spend: spend(1n), atMs: noon + HOUR_MS }));

    expect(later).toMatchObject({ reserved: false, balance: { reserved: 1400n, limit: 1000n, granted: 0n } });
  });

  test('adds nothing from when it is taken back', async () => {
    const { book, grants } = await freshGrants();
    const { id } = await grants.give(asked());

    const revoked = await grants.revoke(id, 'de@example.com', noon + 10);
    const again = await grants.revoke(id, 'other@example.com', noon + 20);

    expect(revoked?.revoked).toEqual({ by: 'de@example.com', atMs: noon + 10 });
    expect(again).toEqual(revoked);
    expect(await limitAt(book, noon + 9)).toEqual([1500n, 500n]);
    expect(await limitAt(book, noon + 10)).toEqual([1000n, 0n]);
  });

  test('adds up with others', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(asked());
    await grants.give(asked({ amount: 7n }));

    expect(await limitAt(book, noon)).toEqual([1507n, 507n]);
  });

  test('counts for nothing in another unit, or for another budget', async () => {
    const { book, grants } = await freshGrants();
    await grants.give(asked({ unit: 'BRL' }));
    await grants.give(asked({ budget: 'outro' }));
    const inReais = budget({ limit: brlLimit(1n) });

    expect(await limitAt(book, noon)).toEqual([1000n, 0n]);
    expect(await book.balances(covering(inReais), noon)).toMatchObject([{ limit: 501n, granted: 500n }]);
  });

  test('is for one account, or for each', async () => {
    const { book, grants } = await freshGrants();
    const perPerson = budget({ per: 'person' });
    const coverages = ['ana', 'bia'].map((account) => ({ budget: perPerson, account }));
    await grants.give(asked({ account: 'ana' }));
    await grants.give(asked({ amount: 3n }));

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

describe('grants in the books', () => {
  test('are listed newest first, those that have expired only where asked for', async () => {
    const { grants } = await freshGrants();
    const old = await grants.give(asked({ expiresAtMs: noon + 1 }));
    const young = await grants.give(asked({ createdAtMs: noon + 1 }));

    expect(await grants.list({ nowMs: noon + 1, all: false })).toEqual([young]);
    expect(await grants.list({ nowMs: noon + 1, all: true })).toEqual([young, old]);
  });

  test('and every one that is taken back are in the journal, once', async () => {
    const { book, grants } = await freshGrants();
    const { id } = await grants.give(asked());
    await grants.revoke(id, 'de@example.com', noon + 10);
    await grants.revoke(id, 'de@example.com', noon + 11);

    const rows = await book.ledger.read
      .selectFrom('journal')
      .select(['kind', 'id'])
      .orderBy('kind')
      .execute();

    expect(rows).toEqual([
      { kind: 'grant', id },
      { kind: 'grant revocation', id },
    ]);
    expect((await verified(book.ledger, new Map(), noon)).all).toEqual([]);
  });

  test('are not there where the amount is out of range, and not taken back where there is none', async () => {
    const { grants } = await freshGrants();

    await expect(grants.give(asked({ amount: MAX_AMOUNT + 1n }))).rejects.toMatchObject({
      kind: 'amount out of range',
    });
    expect(await grants.list({ nowMs: noon, all: true })).toEqual([]);
    expect(await grants.revoke('none', 'de@example.com', noon)).toBeNull();
  });
});
