import { describe, expect, test } from 'vitest';
import { createReplica, LEASE_MS } from '../../../src/budget/replicas.ts';
import { abandonReservation } from '../../../src/budget/reservations/unsettled.ts';
import { DAY_MS } from '../../../src/foundation/calendar/durations.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { decision } from '../../records/builders.ts';
import { charge, freshBook } from '../account-book.ts';
import { atOnce, budget, covering, noon, request, spend } from '../builders.ts';

async function recordDecisions(ledger: Ledger, ...ids: readonly string[]): Promise<void> {
  const decisions = ids.map((id) => decision({ id, projectId: `project-of-${id}` }));
  await ledger.write((db) => enterDecisions(db, decisions));
}

describe('an expired reservation', () => {
  test('is listed, oldest first, even of a team without budgets', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'young', atMs: noon + 3 }));
    await book.reserve(request({ decisionId: 'middle', atMs: noon + 2 }));
    await book.reserve(request({ decisionId: 'old', atMs: noon, coverages: [], spend: spend(10n, 9n, 8n) }));
    await book.reserve(request({ decisionId: 'settled', atMs: noon + 1 }));
    await book.charge(charge('settled'));

    const expired = await book.expired(noon + 60_002, 10);
    const first = await book.expired(noon + 60_002, 1);

    expect(expired.map(({ decisionId }) => decisionId)).toEqual(['old', 'middle']);
    expect(first).toEqual([{ decisionId: 'old', atMs: noon, spend: spend(10n, 9n, 8n) }]);
  });

  test('is no longer listed once it is charged, even by assumption', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a', spend: spend(600n) }));

    await book.charge(charge('a', spend(600n), { state: 'assumed' }));

    expect(await book.expired(noon + 60_000, 10)).toEqual([]);
    expect(await book.stands()).toEqual({ used: 600n, reserved: 0n });
  });
});

describe('a query left behind by a dead process', () => {
  test('is listed once the lease of its process has run out, and not before', async () => {
    const book = await freshBook();
    await createReplica(book.ledger, 'alive', noon).beat(noon);
    await createReplica(book.ledger, 'gone', noon).beat(noon - 1);
    await book.reserve(request({ decisionId: 'a', replica: 'alive' }));
    await book.reserve(request({ decisionId: 'b', replica: 'gone', coverages: covering(atOnce(2n)) }));
    await book.reserve(request({ decisionId: 'c', replica: 'gone', atMs: noon - 1 }));
    await book.reserve(request({ decisionId: 'd', replica: 'gone' }));
    await book.charge(charge('d'));
    await recordDecisions(book.ledger, 'a', 'b', 'c', 'd');

    const before = await book.orphans(noon + LEASE_MS - 2, 10, 'asking');
    const after = await book.orphans(noon + LEASE_MS - 1, 10, 'asking');

    expect(before).toEqual([]);
    const { principal } = decision().caller;
    expect(after).toEqual([
      { decisionId: 'c', atMs: noon - 1, projectId: 'project-of-c', principal, holdsPlace: false },
      { decisionId: 'b', atMs: noon, projectId: 'project-of-b', principal, holdsPlace: true },
    ]);
  });

  test('is listed at once when its process left or was never registered, up to the number asked for', async () => {
    const book = await freshBook();
    const replica = createReplica(book.ledger, 'leaves', noon);
    await replica.beat(noon);
    await book.reserve(request({ decisionId: 'a', replica: 'leaves' }));
    await book.reserve(request({ decisionId: 'b', replica: '', atMs: noon + 1 }));
    await recordDecisions(book.ledger, 'a', 'b');

    await replica.leave();

    expect((await book.orphans(noon, 10, 'asking')).map(({ decisionId }) => decisionId)).toEqual(['a', 'b']);
    expect((await book.orphans(noon, 1, 'asking')).map(({ decisionId }) => decisionId)).toEqual(['a']);
  });

  test('is never one of the asking process, even when its own lease has run out', async () => {
    const book = await freshBook();
    await createReplica(book.ledger, 'late', noon).beat(noon);
    await book.reserve(request({ decisionId: 'a', replica: 'late' }));
    await book.reserve(request({ decisionId: 'b', replica: 'gone' }));
    await recordDecisions(book.ledger, 'a', 'b');

    const found = await book.orphans(noon + 3_600_000, 10, 'late');

    expect(found.map(({ decisionId }) => decisionId)).toEqual(['b']);
  });

  test('is listed although its process died under a clock that has been set back since', async () => {
    const book = await freshBook();
    await createReplica(book.ledger, 'ahead', noon).beat(noon + DAY_MS);
    await book.reserve(request({ decisionId: 'a', replica: 'ahead' }));
    await recordDecisions(book.ledger, 'a');

    const found = await book.orphans(noon, 10, 'asking');

    expect(found.map(({ decisionId }) => decisionId)).toEqual(['a']);
  });

  test('is not listed while heartbeats renew the lease', async () => {
    const book = await freshBook();
    const replica = createReplica(book.ledger, 'alive', noon);
    await replica.beat(noon);
    await book.reserve(request({ replica: 'alive', coverages: covering(budget()) }));
    await recordDecisions(book.ledger, 'a');

    await replica.beat(noon + LEASE_MS);

    expect(await book.orphans(noon + 2 * LEASE_MS - 1, 10, 'asking')).toEqual([]);
    expect(await book.orphans(noon + 2 * LEASE_MS, 10, 'asking')).toHaveLength(1);
  });
});

describe('a query whose job its living process has lost sight of', () => {
  test('is listed like one of a dead process, also by its own', async () => {
    const book = await freshBook();
    await createReplica(book.ledger, 'alive', noon).beat(noon);
    await book.reserve(request({ decisionId: 'a', replica: 'alive' }));
    await book.reserve(request({ decisionId: 'b', replica: 'alive' }));
    await recordDecisions(book.ledger, 'a', 'b');

    await book.ledger.write((db) => abandonReservation(db, 'a'));

    const found = await book.orphans(noon, 10, 'alive');
    expect(found.map(({ decisionId }) => decisionId)).toEqual(['a']);
  });

  test('is not listed once it is settled', async () => {
    const book = await freshBook();
    await book.reserve(request({ decisionId: 'a' }));
    await recordDecisions(book.ledger, 'a');

    await book.ledger.write((db) => abandonReservation(db, 'a'));
    await book.charge(charge('a'));

    expect(await book.orphans(noon, 10, 'alive')).toEqual([]);
  });
});

describe('the eldest process', () => {
  test('is the one that started first, until it leaves or its lease runs out', async () => {
    const { ledger } = await freshBook();
    const [first, second] = [createReplica(ledger, 'z', noon), createReplica(ledger, 'a', noon + 1)];
    await first.beat(noon);
    await second.beat(noon + 1);
    const eldest = async (atMs: number) => [await first.isEldest(atMs), await second.isEldest(atMs)];

    expect(await eldest(noon + 2)).toEqual([true, false]);
    expect(await eldest(noon + LEASE_MS)).toEqual([false, true]);
    await first.leave();
    expect(await eldest(noon + 2)).toEqual([false, true]);
  });

  test('is none that died under a clock that has been set back since', async () => {
    const { ledger } = await freshBook();
    const [dead, alive] = [createReplica(ledger, 'dead', noon), createReplica(ledger, 'alive', noon + 1)];
    await dead.beat(noon + DAY_MS);
    await alive.beat(noon + 1);

    expect(await alive.isEldest(noon + 2)).toBe(true);
    expect(await alive.living(noon + 2)).toEqual([{ id: 'alive', startedAtMs: noon + 1 }]);
  });

  test('may have a clock that is a little ahead of the others', async () => {
    const { ledger } = await freshBook();
    const [ahead, other] = [createReplica(ledger, 'ahead', noon), createReplica(ledger, 'other', noon + 1)];
    await ahead.beat(noon + LEASE_MS);
    await other.beat(noon + 1);

    expect(await other.isEldest(noon + 1)).toBe(false);
  });
});
