import { describe, expect, test } from 'vitest';
import {
  createGrants,
  type GrantPage,
  type Grants,
  type NewGrant,
} from '../../../src/books/grants/grants.ts';
import { createBudgets } from '../../../src/budget/budgets.ts';
import type { Grant } from '../../../src/budget/grants.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { budget, covering, HOUR_MS, noon } from '../../budget/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';

const newGrant = (changes: Partial<NewGrant> = {}): NewGrant => ({
  budget: 'atendimento-dia',
  account: '',
  unit: 'bytes',
  amount: 500n,
  reason: 'month end',
  grantedBy: 'ana',
  grantedTo: 'Bia',
  createdAtMs: noon,
  expiresAtMs: noon + HOUR_MS,
  ...changes,
});

/** The limit of the budget of 1,000 bytes at an instant, including grants. */
async function limitAt(ledger: Ledger, atMs: number, account = ''): Promise<bigint | undefined> {
  const of = budget(account === '' ? {} : { per: 'person' });
  const coverage = account === '' ? covering(of) : [{ budget: of, account }];
  const [balance] = await createBudgets({ ledger }).balances(coverage, atMs);
  return balance?.limit;
}

describe('a grant stored in the ledger', () => {
  test('adds to the limit from the moment it is given until it expires', async () => {
    const ledger = await freshLedger();

    const grant = await createGrants({ ledger }).give(newGrant());

    expect(grant).toEqual({ ...newGrant(), id: expect.stringMatching(/^[0-9a-f-]{36}$/), revoked: null });
    const limits = await Promise.all(
      [noon - 1, noon, noon + HOUR_MS - 1, noon + HOUR_MS].map((atMs) => limitAt(ledger, atMs)),
    );
    expect(limits).toEqual([1000n, 1500n, 1500n, 1000n]);
  });

  test('adds nothing from the moment it is revoked, and keeps its first revocation', async () => {
    const ledger = await freshLedger();
    const grants = createGrants({ ledger });
    const { id } = await grants.give(newGrant());

    const revoked = await grants.revoke(id, 'rui', noon + 10);
    const again = await grants.revoke(id, 'ana', noon + 20);

    expect(revoked?.revoked).toEqual({ by: 'rui', atMs: noon + 10 });
    expect(again).toEqual(revoked);
    expect([await limitAt(ledger, noon + 9), await limitAt(ledger, noon + 10)]).toEqual([1500n, 1000n]);
  });

  test('applies to one account, or to all of them', async () => {
    const ledger = await freshLedger();
    const grants = createGrants({ ledger });
    await grants.give(newGrant({ account: 'metabase:1' }));
    await grants.give(newGrant({ amount: 7n }));

    expect(await limitAt(ledger, noon, 'metabase:1')).toBe(1507n);
    expect(await limitAt(ledger, noon, 'metabase:2')).toBe(1007n);
  });

  test('adds nothing when its unit is not the one that the budget counts', async () => {
    const ledger = await freshLedger();
    await createGrants({ ledger }).give(newGrant({ unit: 'BRL' }));

    expect(await limitAt(ledger, noon)).toBe(1000n);
  });

  test('is refused when the ledger cannot hold its amount', async () => {
    const ledger = await freshLedger();
    const grants = createGrants({ ledger });

    await expect(grants.give(newGrant({ amount: 2n ** 63n }))).rejects.toMatchObject({
      kind: 'amount out of range',
    });
    expect(await listed(grants, { all: true })).toEqual([]);
  });
});

describe('grants are listed', () => {
  test('page by page without gaps or repeats, even among grants of the same millisecond', async () => {
    const ledger = await freshLedger();
    const grants = createGrants({ ledger });
    for (let i = 0; i < 5; i += 1) await grants.give(newGrant({ createdAtMs: noon - Math.floor(i / 3) }));
    const whole = await listed(grants, { all: true });

    const pages: GrantPage[] = [];
    do pages.push(await behind(pages.at(-1)?.grants.at(-1)));
    while (pages.at(-1)?.more);

    expect(pages.map((page) => page.grants.length)).toEqual([2, 2, 1]);
    expect(pages.flatMap((page) => page.grants)).toEqual(whole);

    function behind(last?: Grant): Promise<GrantPage> {
      const after = last && { atMs: last.createdAtMs, id: last.id };
      return grants.list({ nowMs: noon, all: true, limit: 2, after });
    }
  });

  test('newest first, with expired ones only when all are asked for', async () => {
    const ledger = await freshLedger();
    const grants = createGrants({ ledger });
    const old = await grants.give(newGrant({ createdAtMs: noon - 2, expiresAtMs: noon }));
    const first = await grants.give(newGrant({ createdAtMs: noon - 1 }));
    const second = await grants.give(newGrant());

    expect(await listed(grants, { all: false })).toEqual([second, first]);
    expect(await listed(grants, { all: true })).toEqual([second, first, old]);
  });
});

test('giving and revoking a grant are each in the journal once', async () => {
  const ledger = await freshLedger();
  const grants = createGrants({ ledger });
  const { id } = await grants.give(newGrant());
  await grants.revoke(id, 'rui', noon + 1);
  await grants.revoke(id, 'rui', noon + 2);
  await grants.revoke('not there', 'rui', noon + 3);

  const rows = await ledger.read.selectFrom('journal').select(['kind', 'id']).execute();

  expect(rows.map(({ kind }) => kind).toSorted()).toEqual(['grant', 'grant revocation']);
  expect(rows.every((row) => row.id === id)).toBe(true);
});

async function listed(grants: Grants, { all }: { readonly all: boolean }): Promise<readonly Grant[]> {
  return (await grants.list({ nowMs: noon, all, limit: 50 })).grants;
}
