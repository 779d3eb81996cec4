import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openGate, POLL_MS, pass, settle } from './gate.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a query', () => {
  test('passes at once when there is room or nothing limits it', async () => {
    const { arrive, ends, turnstile } = openGate({ team: 2 });

    arrive('a');
    arrive('b');
    arrive('unlimited', { accounts: [] });
    await settle();

    expect([...ends.values()]).toEqual(['answered', 'answered', 'answered']);
    expect(turnstile.waiting()).toEqual(new Map());
  });

  test('that waits passes as soon as this process frees a place, without waiting for the poll', async () => {
    const { arrive, finish, passed, turnstile } = openGate();
    arrive('a');
    arrive('b');
    await settle();
    expect(turnstile.waiting()).toEqual(new Map([['team', 1]]));

    finish('a');
    await settle();

    expect(passed).toEqual(['a', 'b']);
  });

  test('that waits finds a place freed by another replica within one poll', async () => {
    const { arrive, ledger, passed } = openGate();
    ledger.take('elsewhere', ['team']);
    arrive('a');
    await settle();

    ledger.giveBack('elsewhere');
    await pass(POLL_MS - 1);
    expect(passed).toEqual([]);
    await pass(1);

    expect(passed).toEqual(['a']);
  });

  test('that arrives while others wait joins the line behind them, without asking the ledger', async () => {
    const { arrive, ledger, passed } = openGate();
    ledger.take('elsewhere', ['team']);
    arrive('first');
    await settle();
    ledger.giveBack('elsewhere');

    arrive('newcomer');
    await settle();
    expect(ledger.asked).toEqual(['first']);
    await pass(POLL_MS);

    expect(passed).toEqual(['first']);
    expect(ledger.asked).toEqual(['first', 'first', 'newcomer']);
  });

  test('notices a place freed while the ledger is still answering that there is none', async () => {
    const { arrive, finish, passed } = openGate();
    arrive('a');
    await settle();
    arrive('b', { askMs: 20 });
    await pass(15);

    finish('a');
    await pass(25);

    expect(passed).toEqual(['a', 'b']);
  });
});

describe('turns in the line', () => {
  test('go round the callers, however many queries each has sent', async () => {
    const { arrive, finish, passed } = openGate();
    arrive('running');
    for (const card of [1, 2, 3]) arrive(`ana ${card}`, { caller: 'ana' });
    for (const card of [1, 2]) arrive(`bia ${card}`, { caller: 'bia' });
    arrive('caio');
    await settle();

    for (let i = 0; i < 7; i += 1) {
      finish(passed.at(-1) ?? '');
      await settle();
    }

    expect(passed).toEqual(['running', 'ana 1', 'bia 1', 'caio', 'ana 2', 'bia 2', 'ana 3']);
  });

  test('continue for as long as there is room, one ledger request at a time', async () => {
    const { arrive, ledger, passed } = openGate({ team: 3 });
    for (const name of ['x', 'y', 'z']) ledger.take(name, ['team']);
    for (const name of ['a', 'b', 'c', 'd']) arrive(name, { askMs: 10 });
    await pass(10);
    for (const name of ['x', 'y', 'z']) ledger.giveBack(name);

    await pass(POLL_MS);
    const askingAtOnce: number[] = [];
    for (let ms = 0; ms < 60; ms += 5) {
      askingAtOnce.push(ledger.asking.size);
      await pass(5);
    }

    expect(passed).toEqual(['a', 'b', 'c']);
    expect(Math.max(...askingAtOnce)).toBe(1);
  });

  test('are polled for by the head of the line alone, once per poll', async () => {
    const { arrive, ledger } = openGate({ team: 0 });
    for (const name of ['a', 'b', 'c']) arrive(name);
    await settle();
    ledger.asked.length = 0;

    await pass(4 * POLL_MS);

    expect(ledger.asked).toEqual(['a', 'a', 'a', 'a']);
  });

  test('pass to the next query when the one just woken hangs up', async () => {
    const { arrive, finish, passed, ends } = openGate({ team: 1, other: 0 });
    arrive('running');
    await settle();
    const client = arrive('woken', { accounts: ['team', 'other'], askMs: 20 });
    arrive('next');
    await pass(20);
    finish('running');
    await pass(5);

    client.abort();
    await pass(15);

    expect(ends.get('woken')).toMatch('gone');
    expect(passed).toEqual(['running', 'next']);
  });

  test('pass to the next query when the ledger fails, and the failure reaches the query that asked', async () => {
    const { arrive, ledger, passed, turnstile } = openGate();
    ledger.take('elsewhere', ['team']);
    let asks = 0;
    const failing = turnstile.pass({
      places: [{ account: 'team', limit: 100 }],
      caller: 'failing',
      waitMs: 10_000,
      signal: new AbortController().signal,
      async ask() {
        asks += 1;
        if (asks === 2) throw new Error('ledger gone');
        return { full: 'team' };
      },
    });
    const failure = expect(failing).rejects.toThrow('ledger gone');
    arrive('next');
    ledger.giveBack('elsewhere');

    await pass(POLL_MS);

    await failure;
    expect(passed).toEqual(['next']);
  });
});

describe('a query limited by two accounts', () => {
  test('waits for the first that is full, and then for the other', async () => {
    const { arrive, finish, ledger, passed, turnstile } = openGate({ person: 1, team: 1 });
    ledger.take('card', ['person']);
    ledger.take('colleague', ['team']);
    arrive('a', { accounts: ['person', 'team'] });
    await settle();
    expect(turnstile.waiting()).toEqual(new Map([['person', 1]]));

    finish('card');
    await settle();
    expect(turnstile.waiting()).toEqual(new Map([['team', 1]]));
    finish('colleague');
    await settle();

    expect(passed).toEqual(['a']);
  });

  test('joins the back of the second line when its turn comes in the first', async () => {
    const { arrive, finish, passed } = openGate({ person: 1, team: 1 });
    const cards = { caller: 'ana', accounts: ['person', 'team'] };
    for (const card of [1, 2, 3]) arrive(`ana ${card}`, cards);
    await settle();
    for (const name of ['bia', 'caio']) arrive(name);
    await settle();

    for (let i = 0; i < 5; i += 1) {
      finish(passed.at(-1) ?? '');
      await settle();
    }

    expect(passed).toEqual(['ana 1', 'bia', 'caio', 'ana 2', 'ana 3']);
  });

  test('holds nobody up in the account that has room', async () => {
    const { arrive, finish, ledger, passed } = openGate({ person: 1, team: 1 });
    ledger.take('card', ['person']);
    ledger.take('colleague', ['team']);
    arrive('ana', { accounts: ['team', 'person'] });
    arrive('bia');
    await settle();

    finish('colleague');
    await settle();

    expect(passed).toEqual(['bia']);
  });
});

test('the turnstile keeps no line, timer or listener once nobody waits', async () => {
  const { arrive, finish, turnstile } = openGate({ team: 1, none: 0 });
  const clients = [
    arrive('running'),
    arrive('next'),
    arrive('too long', { waitMs: 500 }),
    arrive('gone'),
    arrive('line full', { limit: 1 }),
    arrive('at another', { accounts: ['none'], waitMs: 500 }),
  ];
  await settle();
  clients[3]?.abort();
  finish('running');

  await pass(500);

  expect(turnstile.waiting()).toEqual(new Map());
  expect(vi.getTimerCount()).toBe(0);
  expect(clients.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
});
