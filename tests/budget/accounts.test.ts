import { describe, expect, test } from 'vitest';
import { createBudgets } from '../../src/budget/budgets.ts';
import type { LedgerReader } from '../../src/ledger/ledger.ts';
import { charge, freshBook } from './account-book.ts';
import { budget, bytesLimit, covering, HOUR_MS, noon, request, spend } from './builders.ts';

const perPerson = budget({ name: 'por-pessoa', per: 'person', limit: bytesLimit(100n) });
const ofPerson = (account: string) => ({ budget: perPerson, account });

/** A person's request, covered by the shared budget and by the person's own. */
function asking(person: string, decisionId: string, bytes: bigint) {
  return request({
    decisionId,
    spend: spend(bytes),
    coverages: [...covering(budget()), ofPerson(person)],
  });
}

test('a budget kept per team says for each account whom its team asks', async () => {
  const book = await freshBook();
  const perTeam = budget({ per: 'team', teamContacts: [{ team: 'dados', contact: '#dados' }] });
  for (const account of ['dados', 'finops']) {
    await book.reserve(request({ decisionId: account, coverages: [{ budget: perTeam, account }] }));
  }

  const standing = await book.standing([perTeam], noon, 2);

  expect(standing.map((each) => [each.account, each.budget.contact])).toEqual([
    ['dados', '#dados'],
    ['finops', null],
  ]);
  // The other teams' would make a list of accounts grow with the square of the teams.
  expect(standing.flatMap((each) => each.budget.teamContacts)).toEqual([]);
});

describe('a budget kept per person', () => {
  test('applies its limit to each person separately', async () => {
    const book = await freshBook();

    const ana = await book.reserve(asking('ana', 'a', 100n));
    const bia = await book.reserve(asking('bia', 'b', 100n));
    const more = await book.reserve(asking('ana', 'c', 1n));

    expect([ana.reserved, bia.reserved]).toEqual([true, true]);
    expect(more).toMatchObject({ reserved: false, balance: { account: 'ana', reserved: 100n } });
    expect(await book.stands(budget())).toEqual({ used: 0n, reserved: 200n });
  });

  test('is charged in the account that made the reservation', async () => {
    const book = await freshBook();
    await book.reserve(asking('ana', 'a', 100n));
    await book.reserve(asking('bia', 'b', 50n));

    await book.charge(charge('a', spend(30n)));

    expect(await book.stands(ofPerson('ana'))).toEqual({ used: 30n, reserved: 0n });
    expect(await book.stands(ofPerson('bia'))).toEqual({ used: 0n, reserved: 50n });
  });

  test('lists the accounts that spent and reserved most in the given window, highest first', async () => {
    const book = await freshBook();
    for (const [person, bytes] of [
      ['ana', 10n],
      ['bia', 30n],
      ['caio', 20n],
      ['davi', 30n],
    ] as const) {
      await book.reserve(asking(person, person, bytes));
    }
    await book.charge(charge('caio', spend(40n)));

    const shown = await book.standing([perPerson, budget()], noon, 3);
    const tomorrow = await book.standing([perPerson, budget()], noon + 24 * HOUR_MS, 3);

    expect(shown.map(({ account, used, reserved }) => [account, used, reserved])).toEqual([
      ['caio', 40n, 0n],
      ['bia', 0n, 30n],
      ['davi', 0n, 30n],
      ['', 40n, 70n],
    ]);
    expect(tomorrow.map(({ account, used }) => [account, used])).toEqual([['', 0n]]);
  });

  test('lists them over all parts of a rolling window', async () => {
    const book = await freshBook();
    const rolling = budget({ name: 'rola', per: 'person', window: 'rolling-24h' });
    for (const [i, account] of ['ana', 'bia', 'ana'].entries()) {
      const atMs = noon + i * HOUR_MS;
      const coverages = [{ budget: rolling, account }];
      await book.reserve(
        request({ decisionId: `q${i}`, atMs, coverages, spend: spend(i === 1 ? 15n : 10n) }),
      );
    }

    const shown = await book.standing([rolling], noon + 3 * HOUR_MS, 2);

    expect(shown.map(({ account, reserved }) => [account, reserved])).toEqual([
      ['ana', 20n],
      ['bia', 15n],
    ]);
  });
});

test('many budgets kept per person are read by few statements', async () => {
  const book = await freshBook();
  const budgets = Array.from({ length: 600 }, (_, i) => budget({ name: `por-pessoa-${i}`, per: 'person' }));
  for (const [i, person] of ['ana', 'bia'].entries()) {
    const coverages = budgets.map((each) => ({ budget: each, account: person }));
    await book.reserve(request({ decisionId: person, coverages, spend: spend(i === 0 ? 10n : 20n) }));
  }
  let statements = 0;
  const read: LedgerReader = new Proxy(book.ledger.read, {
    get(reader, name) {
      if (name === 'selectFrom' || name === 'executeQuery') statements += 1;
      const member: unknown = Reflect.get(reader, name);
      return typeof member === 'function' ? member.bind(reader) : member;
    },
  });

  const shown = await createBudgets({ ledger: { read } }).standing(budgets, noon, 1);

  expect(shown.map(({ account, reserved }) => [account, reserved])).toEqual(budgets.map(() => ['bia', 20n]));
  expect(statements).toBeLessThan(10);
});

describe('the balances of accounts', () => {
  test('are returned in the order asked for, even for 1,100 accounts', async () => {
    const book = await freshBook();
    await book.reserve(asking('person-1099', 'a', 10n));
    const accounts = Array.from({ length: 1_100 }, (_, i) => ofPerson(`person-${i}`));

    const balances = await book.balances(accounts, noon);

    expect(balances.map(({ account }) => account)).toEqual(accounts.map(({ account }) => account));
    expect(balances.map(({ reserved }) => reserved)).toEqual([...Array(1_099).fill(0n), 10n]);
  });
});

describe('the balances after several queries', () => {
  test('are returned once for each window that a query fell into', async () => {
    const book = await freshBook();
    const yesterday = noon - 24 * HOUR_MS;
    await book.reserve(request({ decisionId: 'a', atMs: yesterday, spend: spend(30n) }));
    await book.reserve(request({ decisionId: 'b', spend: spend(50n) }));

    const balances = await book.standingAfter(
      [yesterday, noon, noon + 1].map((atMs) => ({ coverages: covering(budget()), atMs })),
    );

    expect(balances.map(({ reserved }) => reserved)).toEqual([30n, 50n]);
  });
});

describe('budgets that cover the same query', () => {
  test('are all charged, or none of them when one lacks the room', async () => {
    const book = await freshBook();
    const organisation = budget({ name: 'tudo', subject: {}, window: 'month', limit: bytesLimit(120n) });
    const coverages = (person: string) => [...covering(organisation, budget()), ofPerson(person)];
    await book.reserve(request({ decisionId: 'a', coverages: coverages('ana'), spend: spend(60n) }));

    const tooMuchForAll = await book.reserve(
      request({ decisionId: 'b', coverages: coverages('bia'), spend: spend(61n) }),
    );
    const tooMuchForAna = await book.reserve(
      request({ decisionId: 'c', coverages: coverages('ana'), spend: spend(41n) }),
    );

    expect(tooMuchForAll).toMatchObject({ reserved: false, balance: { budget: { name: 'tudo' } } });
    expect(tooMuchForAna).toMatchObject({ reserved: false, balance: { account: 'ana' } });
    const all = await book.balances(coverages('bia'), noon);
    expect(all.map(({ reserved }) => reserved)).toEqual([60n, 60n, 0n]);
  });
});

describe('a budget that refuses only for certain rules', () => {
  const only = budget({ limit: bytesLimit(15n), whenExceeded: { only: ['legado', 'sem-particao'] } });
  const asks = (decisionId: string, ...rulesHeld: readonly string[]) =>
    request({ decisionId, coverages: covering(only), rulesHeld });

  test('admits a query that matches none of those rules, and counts it beyond the limit', async () => {
    const book = await freshBook();
    await book.reserve(asks('a'));

    const outcome = await book.reserve(asks('b', 'outra'));

    expect(outcome).toMatchObject({ reserved: true, balances: [{ reserved: 20n, limit: 15n }] });
  });

  test('refuses a query that matches one of those rules once the limit is reached', async () => {
    const book = await freshBook();

    const within = await book.reserve(asks('a', 'legado'));
    const beyond = await book.reserve(asks('b', 'outra', 'legado'));

    expect(within).toMatchObject({ reserved: true });
    expect(beyond).toMatchObject({ reserved: false, asked: 10n, balance: { reserved: 10n } });
  });
});
