import { describe, expect, onTestFinished, test } from 'vitest';
import { DAY_MS } from '../../../src/foundation/calendar/durations.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { emptyLedgerUrl, freshLedger } from '../../ledger/ledgers.ts';
import { decision } from '../builders.ts';
import { enter, grantEntry } from '../journal/journal-builders.ts';
import { enterDecision, enterRuns, enterSettlement, lineageOf, lineageServer, uuid } from './builders.ts';
import { faultsOf } from './validity.ts';

/** A run has a beginning and an end. */
const bothOf = (...numbers: readonly number[]) => numbers.flatMap((n) => [`START ${n}`, `COMPLETE ${n}`]);

describe('a lineage server', () => {
  test('receives each run once, its start before its end, with the token', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, { target: server.target('secret') });
    await lineage.deliverDue();
    await enterRuns(ledger, 1, 2);
    await enterRuns(ledger, 3);

    await lineage.deliverDue();
    await lineage.deliverDue();

    expect(server.told().toSorted()).toEqual(bothOf(1, 2, 3).toSorted());
    expect(server.told().indexOf('START 1')).toBeLessThan(server.told().indexOf('COMPLETE 1'));
    expect(server.events().flatMap(faultsOf)).toEqual([]);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/lineage',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    });
    expect(lineage.attempts.map(({ outcome }) => outcome)).toEqual(Array(6).fill('sent'));
    expect(lineage.errors).toEqual([]);
  });

  test('receives new runs only, not the whole past', async () => {
    const ledger = await freshLedger();
    await enterRuns(ledger, 1);
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, { target: server.target() });

    await lineage.deliverDue();
    await enterRuns(ledger, 2);
    await lineage.deliverDue();

    expect(server.told()).toEqual(bothOf(2));
  });

  test('receives after a restart the runs that happened meanwhile', async () => {
    const url = await emptyLedgerUrl();
    const server = await lineageServer(201);
    const before = await openLedger(url);
    await lineageOf(before, { target: server.target() }).deliverDue();
    await enterRuns(before, 1);
    await before.close();

    const ledger = await openLedger(url);
    onTestFinished(() => ledger.close());
    await enterRuns(ledger, 2);
    await lineageOf(ledger, { target: server.target() }).deliverDue();

    expect(server.told().toSorted()).toEqual(bothOf(1, 2).toSorted());
  });

  test('receives more than one batch in one round', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    const numbers = Array.from({ length: 130 }, (_, n) => n);
    await enterRuns(ledger, ...numbers);

    await lineage.deliverDue();

    expect(server.told().toSorted()).toEqual(bothOf(...numbers).toSorted());
    expect(await lineage.backlog()).toEqual({ entries: 0, sinceMs: null });
  }, 60_000);

  test('receives events from one of several replicas at a time', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const replicas = [1, 2, 3].map(() => lineageOf(ledger, { target: server.target() }));
    await Promise.all(replicas.map((one) => one.deliverDue()));
    await enterRuns(ledger, 1, 2, 3, 4);

    await Promise.all(replicas.map((one) => one.deliverDue()));

    expect(server.told().toSorted()).toEqual(bothOf(1, 2, 3, 4).toSorted());
  });

  test('receives every event independently of other servers', async () => {
    const ledger = await freshLedger();
    const servers = [await lineageServer(201), await lineageServer(201)];
    const both = servers.map((server) => lineageOf(ledger, { target: server.target() }));
    for (const one of both) await one.deliverDue();
    await enterRuns(ledger, 1);

    for (const one of both) await one.deliverDue();

    expect(servers.map((server) => server.told())).toEqual([bothOf(1), bothOf(1)]);
  });
});

describe('a run', () => {
  test('whose decision is recorded later is sent with its decision', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    await enterSettlement(ledger, 1);
    await sealNow(ledger);
    await lineage.deliverDue();
    expect(server.told()).toEqual([]);

    await enterDecision(ledger, 1);
    await sealNow(ledger);
    await lineage.deliverDue();

    expect(server.told()).toEqual(bothOf(1));
  });

  test('that is corrected is sent again with its new figures', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);
    await lineage.deliverDue();
    await enterSettlement(ledger, 1, { version: 2n, bytesBilled: 5000n, source: 'reconciled' });
    await sealNow(ledger);

    await lineage.deliverDue();

    expect(server.told()).toEqual([...bothOf(1), 'OTHER 1']);
    expect(server.events().at(-1)?.run.facets['guardrail_cost']).toMatchObject({ bytesBilled: 5000 });
  });

  test('whose record cannot be read does not hold up later runs', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    const lineage = lineageOf(ledger, {
      target: server.target(),
      async columnLineage({ id }) {
        if (id === uuid(1)) throw new Error('no such column');
        return null;
      },
    });
    await lineage.deliverDue();
    await enterRuns(ledger, 1, 2);

    await lineage.deliverDue();

    expect(server.told()).toEqual(bothOf(2));
    expect(lineage.attempts).toContainEqual({
      outcome: 'unreadable',
      count: 1,
      decision: uuid(1),
      problem: 'Error: no such column',
    });
  });

  test('that is pruned before it was sent is counted, and does not hold up later runs', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(503, 201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    // Its seal stays for the sake of the grant.
    await enter(ledger, grantEntry('g-1'));
    await enterDecision(ledger, 1);
    await enterSettlement(ledger, 1);
    await sealNow(ledger, undefined, () => decision().atMs);
    await lineage.deliverDue();
    await pruneRecords(ledger, {
      beforeMs: decision().atMs + 2 * DAY_MS,
      nowMs: Date.now(),
      onStep: () => undefined,
    });

    await lineage.deliverDue();

    const pruned = lineage.attempts.filter(({ outcome }) => outcome === 'pruned');
    expect(pruned.map(({ count }) => count)).toEqual([1]);
    expect(server.told()).toEqual(['START 1']);
    expect(await lineage.backlog()).toMatchObject({ entries: 0 });
  });
});

test('entries of a seal that is pruned as a whole are counted each', async () => {
  const ledger = await freshLedger();
  const server = await lineageServer(201);
  const lineage = lineageOf(ledger, { target: server.target() });
  await lineage.deliverDue();
  await enterDecision(ledger, 1);
  await enterSettlement(ledger, 1);
  await sealNow(ledger, undefined, () => decision().atMs);
  await pruneRecords(ledger, { beforeMs: decision().atMs + 2 * DAY_MS, nowMs: Date.now() });

  await lineage.deliverDue();

  expect(lineage.attempts).toMatchObject([{ outcome: 'pruned', count: 2, decision: null }]);
  expect(await lineage.backlog()).toMatchObject({ entries: 0 });
});

test('sealed entries other than decisions and settlements are skipped, and do not count as lost', async () => {
  const ledger = await freshLedger();
  const server = await lineageServer(201);
  const lineage = lineageOf(ledger, { target: server.target() });
  await lineage.deliverDue();
  await enter(ledger, grantEntry('g1'));
  await sealNow(ledger);
  await enterRuns(ledger, 1);

  await lineage.deliverDue();

  expect(lineage.attempts.map(({ outcome }) => outcome)).toEqual(['sent', 'sent']);
  expect(await lineage.backlog()).toMatchObject({ entries: 0 });
});
