import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openGate, pass, settle } from './gate.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a wait ends', () => {
  test('at once when the line is as long as allowed', async () => {
    const { arrive, ends, turnstile } = openGate({ team: 0 });
    for (const name of ['a', 'b', 'c']) arrive(name, { limit: 2 });
    arrive('never waits', { limit: 0 });
    await settle();

    expect(Object.fromEntries(ends)).toEqual({ c: 'line full: team', 'never waits': 'line full: team' });
    expect(turnstile.waiting()).toEqual(new Map([['team', 2]]));
  });

  test('for the last query of the caller with most in a full line, when a caller with fewer joins', async () => {
    const { arrive, ends, turnstile } = openGate({ team: 0 });
    for (const card of [1, 2, 3]) arrive(`ana ${card}`, { caller: 'ana', limit: 3 });
    await settle();

    arrive('bia 1', { caller: 'bia', limit: 3 });
    arrive('bia 2', { caller: 'bia', limit: 3 });
    arrive('caio', { limit: 3 });
    await settle();

    expect(Object.fromEntries(ends)).toEqual({
      'ana 3': 'line full: team',
      'bia 2': 'line full: team',
      'ana 2': 'line full: team',
    });
    expect(turnstile.waiting()).toEqual(new Map([['team', 3]]));
  });

  test('when its time is up, counted over all the accounts it waited for', async () => {
    const { arrive, ends, finish, ledger } = openGate({ person: 1, team: 1 });
    ledger.take('card', ['person']);
    ledger.take('colleague', ['team']);
    arrive('a', { accounts: ['person', 'team'], waitMs: 1_000 });
    await pass(900);
    finish('card');

    await pass(99);
    expect(ends.size).toBe(0);
    await pass(1);

    expect(ends.get('a')).toBe('too long: team');
  });

  test('when the client hangs up, before the wait or during it', async () => {
    const { arrive, ends } = openGate({ team: 0 });
    const client = arrive('later');
    arrive('before', { signal: AbortSignal.abort() });
    await settle();

    client.abort();
    await settle();

    expect(Object.fromEntries(ends)).toEqual({ before: 'gone: team', later: 'gone: team' });
  });

  test('when the process stops, and no later query waits', async () => {
    const { arrive, ends, turnstile, finish } = openGate();
    arrive('running');
    arrive('waiting');
    await settle();

    turnstile.close();
    arrive('late');
    await settle();
    finish('running');
    arrive('lucky');
    await settle();

    expect(Object.fromEntries(ends)).toEqual({
      running: 'answered',
      waiting: 'closed: team',
      late: 'closed: team',
      lucky: 'answered',
    });
  });

  test('with the answer when the client hangs up while the ledger is already admitting the query', async () => {
    const { arrive, ends, finish } = openGate();
    arrive('running');
    const client = arrive('a', { askMs: 20 });
    await pass(20);
    finish('running');
    await pass(5);

    client.abort();
    await pass(15);

    expect(ends.get('a')).toBe('answered');
  });

  test('with an error when the ledger names an account that the query did not ask for', async () => {
    const { turnstile } = openGate();

    const entry = turnstile.pass({
      places: [],
      caller: 'a',
      waitMs: 1,
      signal: new AbortController().signal,
      ask: async () => ({ full: 'unknown' }),
    });

    await expect(entry).rejects.toThrow(/unknown full.*no place of this query/);
  });
});
