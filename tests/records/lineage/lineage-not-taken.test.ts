import { describe, expect, test } from 'vitest';
import { httpTarget } from '../../../src/records/lineage/http-target.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { deadAddress } from '../../little-server.ts';
import { enterRuns, lineageOf, lineageServer, uuid } from './builders.ts';

/** A run has a beginning and an end. */
const bothOf = (...numbers: readonly number[]) => numbers.flatMap((n) => [`START ${n}`, `COMPLETE ${n}`]);

describe('an event that the lineage server does not accept', () => {
  test.each([500, 503, 429, 401, 403, 404, 302])('is sent again after HTTP %i', async (status) => {
    const ledger = await freshLedger();
    const server = await lineageServer(status, 201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);

    await lineage.deliverDue();
    expect(await lineage.backlog()).toMatchObject({ entries: 2 });
    await lineage.deliverDue();

    expect(server.told()).toEqual(['START 1', ...bothOf(1)]);
    expect(lineage.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'sent', 'sent']);
    expect(lineage.attempts[0]).toMatchObject({ decision: uuid(1), problem: `it answered HTTP ${status}` });
  });

  test.each([400, 413, 422])('is skipped after HTTP %i, which concerns the event itself', async (status) => {
    const ledger = await freshLedger();
    const server = await lineageServer(status, status, 201);
    const lineage = lineageOf(ledger, { target: server.target() });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);
    await lineage.deliverDue();
    await enterRuns(ledger, 2);
    await lineage.deliverDue();

    expect(server.told()).toEqual([...bothOf(1), ...bothOf(2)]);
    expect(lineage.attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'sent', 'sent']);
  });

  test('is sent again if the server hangs or is gone, and reported problems never contain its address', async () => {
    const ledger = await freshLedger();
    const hanging = await lineageServer(null);
    const gone = httpTarget({ url: await deadAddress(), token: async () => 'secret' });
    const lineages = [hanging.target(null, 50), gone].map((target) => lineageOf(ledger, { target }));
    for (const one of lineages) await one.deliverDue();
    await enterRuns(ledger, 1);

    for (const one of lineages) await one.deliverDue();

    expect(lineages.map(({ attempts }) => attempts.map(({ problem }) => problem))).toEqual([
      ['it did not answer within 0.05 s'],
      ['it could not be reached (ECONNREFUSED)'],
    ]);
  });

  test('is sent again once there is a token, if there was none', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    let asked = 0;
    const lineage = lineageOf(ledger, {
      target: httpTarget({
        url: server.url,
        async token() {
          asked += 1;
          if (asked === 1) throw new Error('secret reason');
          return 'later';
        },
      }),
    });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);

    await lineage.deliverDue();
    await lineage.deliverDue();

    expect(lineage.attempts.map(({ problem }) => problem)).toEqual(['there was no token for it', null, null]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer later', 'Bearer later']);
  });

  test('is retried after as long as the server asks, across replicas and restarts, and later with each failure', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(503, 503, 201);
    let nowMs = 1_000_000;
    const failures: number[] = [];
    const replica = () =>
      lineageOf(ledger, {
        target: server.target(),
        now: () => nowMs,
        delayMs(count) {
          failures.push(count);
          return 1_000 * count;
        },
      });
    await replica().deliverDue();
    await enterRuns(ledger, 1);

    await replica().deliverDue();
    await replica().deliverDue();
    expect(server.seen).toHaveLength(1);
    nowMs += 1_000;
    await replica().deliverDue();
    nowMs += 1_999;
    await replica().deliverDue();
    expect(server.seen).toHaveLength(2);
    nowMs += 1;
    await replica().deliverDue();

    expect(server.told().slice(2)).toEqual(bothOf(1));
    expect(failures).toEqual([1, 2]);
  });

  test('is still retried after a clock that was ahead', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(503, 201);
    let nowMs = 1_000_000_000;
    const lineage = lineageOf(ledger, { target: server.target(), now: () => nowMs, delayMs: () => 1_000 });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);
    nowMs += 7 * 3_600_000;
    await lineage.deliverDue();
    expect(server.told()).toHaveLength(1);

    nowMs -= 7 * 3_600_000;
    await lineage.deliverDue();

    expect(server.told().slice(1)).toEqual(bothOf(1));
  });

  test('is sent again by another process once the lease of one that died while sending is over', async () => {
    const ledger = await freshLedger();
    const server = await lineageServer(201);
    let nowMs = 1_000_000;
    const dying = lineageOf(ledger, {
      target: { ...server.target(), send: () => new Promise(() => undefined) },
      now: () => nowMs,
      leaseMs: 60_000,
    });
    const other = lineageOf(ledger, { target: server.target(), now: () => nowMs });
    await other.deliverDue();
    await enterRuns(ledger, 1);
    void dying.deliverDue();
    await expect.poll(async () => (await claimsIn(ledger)).at(0)).toBe(1n);

    await other.deliverDue();
    expect(server.told()).toEqual([]);
    nowMs += 60_000;
    await other.deliverDue();

    expect(server.told()).toEqual(bothOf(1));
  });
});

async function claimsIn(ledger: Awaited<ReturnType<typeof freshLedger>>) {
  const rows = await ledger.read.selectFrom('lineage_cursors').select('claims').execute();
  return rows.map(({ claims }) => claims);
}
