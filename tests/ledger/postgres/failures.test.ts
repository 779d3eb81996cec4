import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { CompiledQuery, sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { databaseFails } from '../../../src/ledger/errors.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { postgresServer, postgresUrl } from '../ledgers.ts';
import { budgetsIn, insertWindow } from '../windows.ts';
import { addOne, openAt, run } from './ledgers.ts';
import { startPostgres } from './server.ts';

const server = postgresServer();

describe('every wait in PostgreSQL is bounded', () => {
  test('for a lock that another connection holds', async () => {
    const ledger = await openAt(postgresUrl(server, { lock_timeout: '50' }));
    await insertWindow(ledger, 'a');

    await ledger.write(async (db) => {
      await addOne(db, 'a');
      await expect(ledger.write((other) => addOne(other, 'a'))).rejects.toMatchObject({ kind: 'busy' });
    });
  });

  test('for a statement', async () => {
    const ledger = await openAt(postgresUrl(server, { statement_timeout: '1000' }));

    await expect(run(ledger, 'select pg_sleep(60)')).rejects.toMatchObject({ kind: 'busy' });
    await insertWindow(ledger, 'next');
  });

  test('for an idle transaction that holds locks', async () => {
    const ledger = await openAt(postgresUrl(server, { idle_in_transaction_session_timeout: '1000' }));
    await insertWindow(ledger, 'a');

    const idle = ledger.write(async (db) => {
      await addOne(db, 'a');
      // Waits until the server has given up on the transaction.
      await ledger.write((other) => addOne(other, 'a'));
      await addOne(db, 'a');
    });

    await expect(idle).rejects.toMatchObject({ kind: 'busy', message: expect.stringContaining('idle') });
    const rows = await ledger.read.selectFrom('budget_windows').select('used').execute();
    expect(rows).toEqual([{ used: 1n }]);
  });

  test('for a connection when all are in use', async () => {
    const ledger = await openAt(postgresUrl(server, { pool: '2', connect_timeout: '3' }));

    await ledger.write(async () => {
      await expect(insertWindow(ledger, 'a')).rejects.toMatchObject({ kind: 'busy' });
    });
  });

  test('for a server that stops answering', async () => {
    const way = await startWay(server);
    const ledger = await openAt(postgresUrl(way.url, { statement_timeout: '2000' }));
    await insertWindow(ledger, 'before');

    way.fallSilent();
    await expect(insertWindow(ledger, 'meanwhile')).rejects.toMatchObject({ kind: 'unreachable' });
    way.speakAgain();
    await vi.waitFor(() => insertWindow(ledger, 'after'), { timeout: 60_000 });

    expect(await budgetsIn(ledger)).toEqual(['after', 'before']);
  });
});

describe('an error of the server itself, and not of the statement', () => {
  test.each([
    ['58030', 'its disk answers with an error', 'unwritable'],
    ['58P01', 'a file of its own is missing', 'unwritable'],
    ['53200', 'it has no memory left', 'busy'],
    ['53100', 'its disk is full', 'full'],
    ['XX001', 'its data is damaged', 'not a ledger'],
    ['25P04', 'the transaction takes too long for it', 'busy'],
    ['57P05', 'the connection was idle for too long for it', 'unreachable'],
  ])('%s: %s', async (state, _what, kind) => {
    const ledger = await openAt(postgresUrl(server));

    const failed = await run(
      ledger,
      `do $$ begin raise exception 'as the server says it' using errcode = '${state}'; end $$`,
    ).catch((error: unknown) => error);

    expect(failed).toMatchObject({ kind });
    expect(databaseFails(failed)).toBe(true);
    await insertWindow(ledger, 'a');
  });
});

test('what a standby refuses is tried on a new connection next time: after a failover, it leads elsewhere', async () => {
  const ledger = await openAt(postgresUrl(server, { pool: '2' }));
  const processOfServer = () =>
    ledger.write((db) => db.executeQuery(CompiledQuery.raw('select pg_backend_pid() as pid')));
  const { rows: before } = await processOfServer();

  const asStandby = run(ledger, 'set transaction read only; create table t ()');

  await expect(asStandby).rejects.toMatchObject({ kind: 'unwritable' });
  const { rows: after } = await processOfServer();
  expect(after).not.toEqual(before);
});

test('reads leave a connection after some minutes: it may lead to a standby that no longer hears of the primary', async () => {
  const ledger = await openAt(postgresUrl(server, { pool: '2' }));
  await insertWindow(ledger, 'a');
  const processOfServer = () =>
    ledger.read
      .selectFrom('budget_windows')
      .select(sql<bigint>`pg_backend_pid()`.as('pid'))
      .executeTakeFirst();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const seen = new Set<bigint | undefined>();

  // More often than a connection may be idle.
  for (let minute = 0; minute < 6; minute += 0.5) {
    seen.add((await processOfServer())?.pid);
    await vi.advanceTimersByTimeAsync(30_000);
  }

  expect(seen.size).toBe(2);
});

describe('a lost server', () => {
  test('fails running work, and once it is back the same ledger has everything it acknowledged', async () => {
    const own = await startPostgres();
    onTestFinished(() => own.remove());
    const ledger = await openLedger(`${own.url}?pool=4`);
    onTestFinished(() => ledger.close());
    await insertWindow(ledger, 'acknowledged');
    expect(await budgetsIn(ledger)).toEqual(['acknowledged']);

    const interrupted = ledger.write(async (db) => {
      await addOne(db, 'acknowledged');
      await own.stop('immediate');
      await addOne(db, 'acknowledged');
    });

    await expect(interrupted).rejects.toMatchObject({ name: 'LedgerError', kind: 'unreachable' });
    await expect(insertWindow(ledger, 'b')).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(budgetsIn(ledger)).rejects.toMatchObject({ kind: 'unreachable' });
    await own.start();
    await insertWindow(ledger, 'after');
    const rows = await ledger.read
      .selectFrom('budget_windows')
      .select(['budget', 'used'])
      .orderBy('budget')
      .execute();
    expect(rows).toEqual([
      { budget: 'acknowledged', used: 0n },
      { budget: 'after', used: 0n },
    ]);
  });
});

/** A way to the server that can fall silent: it takes connections and bytes, and hands nothing on. */
async function startWay(url: string) {
  const target = new URL(url);
  let silent = false;
  const sockets = new Set<Socket>();
  const way: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => silent || to.write(chunk));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    way.close();
  });
  await once(way, 'listening');
  const address = way.address();
  const through = new URL(url);
  through.port = String(address !== null && typeof address === 'object' ? address.port : 0);
  return {
    url: through.href,
    fallSilent() {
      silent = true;
    },
    speakAgain() {
      silent = false;
    },
  };
}
