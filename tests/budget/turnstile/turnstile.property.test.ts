import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTurnstile } from '../../../src/budget/turnstile/turnstile.ts';
import { createSimulatedLedger } from './simulated-ledger.ts';

const POLL_MS = 250;
const LIMIT = 6;
const ROOM = { team: 2, person: 1 };
const MAX_ASK_MS = 30;
const MAX_ACTS = 60;
/** Long enough for the ledger to be asked once per query and account, and once more after a poll. */
const EVERYONE_ASKED_MS = 2 * (MAX_ACTS * MAX_ASK_MS + POLL_MS);
const MAX_WAIT_MS = 20_000;

type Act =
  | {
      readonly act: 'arrive';
      readonly caller: string;
      readonly accounts: readonly string[];
      readonly waitMs: number;
      readonly askMs: number;
    }
  | { readonly act: 'finish' | 'hang up'; readonly which: number }
  | { readonly act: 'taken elsewhere' | 'given back elsewhere'; readonly account: string }
  | { readonly act: 'pass'; readonly ms: number };

/** One query, and when it was in line, as positions in the log of admitted queries. */
interface Sent {
  readonly name: string;
  readonly caller: string;
  readonly client: AbortController;
  isAsking: boolean;
  /** It was not admitted at once. */
  isInLine: boolean;
  joinedAt: number | null;
  endedAt: number | null;
  end: string | null;
}

function acts(accounts: readonly (readonly string[])[]): fc.Arbitrary<readonly Act[]> {
  const arrive: fc.Arbitrary<Act> = fc.record({
    act: fc.constant('arrive'),
    caller: fc.constantFrom('ana', 'ana', 'bia', 'caio'),
    accounts: fc.constantFrom(...accounts),
    waitMs: fc.constantFrom(100, 1_000, MAX_WAIT_MS, MAX_WAIT_MS),
    askMs: fc.constantFrom(0, 2, MAX_ASK_MS),
  });
  const account = fc.constantFrom(...new Set(accounts.flat()));
  const act = fc.oneof(
    { weight: 5, arbitrary: arrive },
    {
      weight: 4,
      arbitrary: fc.record({ act: fc.constantFrom('finish', 'finish', 'hang up'), which: fc.nat(20) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ act: fc.constantFrom('taken elsewhere', 'given back elsewhere'), account }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('pass'), ms: fc.constantFrom(0, 1, 5, 40, 300) }) },
  ) as fc.Arbitrary<Act>;
  return fc.array(act, { minLength: 10, maxLength: MAX_ACTS });
}

function openGate() {
  const ledger = createSimulatedLedger(ROOM);
  const turnstile = createTurnstile({ pollMs: POLL_MS });
  const sent: Sent[] = [];
  /** The admitted queries, in order. */
  const log: Sent[] = [];
  const waiters = () => sent.filter(({ end, isInLine }) => end === null && isInLine);

  function arrive({ caller, accounts, waitMs, askMs }: Act & { act: 'arrive' }): void {
    const query: Sent = {
      name: `${caller} ${sent.length}`,
      caller,
      client: new AbortController(),
      isAsking: false,
      isInLine: false,
      joinedAt: null,
      endedAt: null,
      end: null,
    };
    sent.push(query);
    turnstile
      .pass({
        places: accounts.map((account) => ({ account, limit: LIMIT })),
        caller,
        waitMs,
        signal: query.client.signal,
        async ask() {
          query.isAsking = true;
          const asked = await ledger.ask(query.name, accounts, askMs / 2);
          query.isAsking = false;
          query.isInLine = true;
          return asked;
        },
      })
      .then(({ end }) => {
        query.end = end;
        query.endedAt = log.length;
        if (end === 'answered') log.push(query);
      });
    query.isInLine = !query.isAsking;
  }

  function giveBack(name: string | undefined, { seen }: { readonly seen: boolean }): void {
    const accounts = name === undefined ? [] : ledger.giveBack(name);
    if (seen) for (const account of accounts) turnstile.released(account);
  }

  async function run(act: Act): Promise<void> {
    const here = log.filter(({ name }) => ledger.holders.has(name));
    const elsewhere = [...ledger.holders.keys()].filter((name) => name.startsWith('elsewhere'));
    if (act.act === 'arrive') arrive(act);
    else if (act.act === 'finish') giveBack(here[act.which % here.length]?.name, { seen: true });
    else if (act.act === 'hang up') sent.at(-act.which - 1)?.client.abort();
    else if (act.act === 'taken elsewhere')
      ledger.take(`elsewhere ${log.length} ${sent.length}`, [act.account]);
    else if (act.act === 'given back elsewhere') giveBack(elsewhere[0], { seen: false });
    await vi.advanceTimersByTimeAsync(act.act === 'pass' ? act.ms : 0);
    for (const query of waiters()) query.joinedAt ??= log.length;
  }

  return { ledger, turnstile, sent, log, waiters, run };
}

type Gate = ReturnType<typeof openGate>;

function expectBounds({ turnstile, waiters }: Gate, accounts: number): void {
  for (const size of turnstile.waiting().values()) expect(size).toBeLessThanOrEqual(LIMIT);
  const inLine = [...turnstile.waiting().values()].reduce((a, b) => a + b, 0);
  expect(inLine).toBe(waiters().length);
  expect(waiters().filter(({ isAsking }) => isAsking).length).toBeLessThanOrEqual(accounts);
}

/** The queries that were in line all the time between two admissions. */
function stoodThrough({ sent }: Gate, from: number, to: number): readonly Sent[] {
  return sent.filter(
    ({ joinedAt, endedAt }) => joinedAt !== null && joinedAt <= from && (endedAt === null || endedAt > to),
  );
}

function expectRoundRobin(gate: Gate): void {
  const turns = gate.log.flatMap((query, at) =>
    query.joinedAt !== null && query.joinedAt <= at ? [{ query, at }] : [],
  );
  for (const [i, { query, at }] of turns.entries()) {
    const next = turns.slice(i + 1).find((turn) => turn.query.caller === query.caller);
    if (next === undefined) continue;
    const between = new Set(turns.slice(i + 1, turns.indexOf(next)).map((turn) => turn.query.caller));
    for (const other of stoodThrough(gate, at, next.at)) {
      if (other.caller !== query.caller) expect(between).toContain(other.caller);
    }
  }
}

function expectOwnOrder(gate: Gate): void {
  for (const [at, query] of gate.log.entries()) {
    const earlier = stoodThrough(gate, at, at).filter(
      ({ caller, joinedAt }) => caller === query.caller && (joinedAt ?? 0) < (query.joinedAt ?? 0),
    );
    expect(earlier).toEqual([]);
  }
}

/** Given time, every query that still waits does so for a full account. */
async function expectNobodyWaitsForRoom({ ledger, turnstile }: Gate): Promise<void> {
  await vi.advanceTimersByTimeAsync(EVERYONE_ASKED_MS);
  for (const account of turnstile.waiting().keys()) expect(ledger.isFull(account)).toBe(true);
}

async function expectAllEnds({ ledger, turnstile, sent, log }: Gate, isClosed: boolean): Promise<void> {
  if (isClosed) turnstile.close();
  await vi.advanceTimersByTimeAsync(isClosed ? MAX_ASK_MS : MAX_WAIT_MS);
  expect(sent.filter(({ end }) => end === null)).toEqual([]);
  expect(turnstile.waiting()).toEqual(new Map());
  expect(vi.getTimerCount()).toBe(0);
  const passed = new Set(log.map(({ name }) => name));
  const holders = [...ledger.holders.keys()].filter((name) => !name.startsWith('elsewhere'));
  expect(holders.filter((name) => !passed.has(name))).toEqual([]);
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('with one account callers take turns, each in its own order, and nobody waits while there is room', async () => {
  await fc.assert(
    fc.asyncProperty(acts([['team']]), fc.boolean(), async (script, isClosed) => {
      const gate = openGate();
      for (const act of script) {
        await gate.run(act);
        expectBounds(gate, 1);
      }

      await expectNobodyWaitsForRoom(gate);
      await expectAllEnds(gate, isClosed);
      expectRoundRobin(gate);
      expectOwnOrder(gate);
    }),
    { numRuns: 100 },
  );
});

test('with two accounts lines stay bounded, every wait ends, and nobody waits while there is room', async () => {
  const accounts = [['team'], ['person'], ['person', 'team'], ['team', 'person']];
  await fc.assert(
    fc.asyncProperty(acts(accounts), fc.boolean(), async (script, isClosed) => {
      const gate = openGate();
      for (const act of script) {
        await gate.run(act);
        expectBounds(gate, 2);
      }

      await expectNobodyWaitsForRoom(gate);
      await expectAllEnds(gate, isClosed);
    }),
    { numRuns: 100 },
  );
});
