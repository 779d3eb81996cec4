import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { CompiledQuery, sql } from 'kysely';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { databaseFails } from '../../src/ledger/errors.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import type { LedgerTransaction } from '../../src/ledger/writes.ts';
import { onServer, postgresUrl } from './ledgers.ts';
import { PASSWORD, startPostgres } from './postgres-server.ts';
import { budgetsIn, insertWindow } from './windows.ts';

const server = inject('postgres');

async function openAt(url: string): Promise<Ledger> {
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  return ledger;
}

function run(ledger: Ledger, statement: string) {
  return ledger.write((db) => db.executeQuery(CompiledQuery.raw(statement)));
}

function addOne(db: LedgerTransaction, budget: string) {
  return db
    .updateTable('budget_windows')
    .set((eb) => ({ used: eb('used', '+', 1n) }))
    .where('budget', '=', budget)
    .execute();
}

/** A user of the server, gone after the test. */
async function makeUser(name: string, ...more: string[]): Promise<string> {
  await onServer(server, `create role ${name} login password '${PASSWORD}'`, ...more);
  onTestFinished(() => onServer(server, `drop owned by ${name}`, `drop role ${name}`));
  const url = new URL(server);
  url.username = name;
  return url.href;
}

describe('opening a ledger in PostgreSQL', () => {
  test('keeps to a schema of its own beside the tables of other programs', async () => {
    const url = postgresUrl(server);
    await onServer(server, 'create table if not exists public.budget_windows (theirs text)');
    onTestFinished(() => onServer(server, 'drop table public.budget_windows'));

    const ledger = await openAt(url);
    await insertWindow(ledger, 'ours');

    expect(await budgetsIn(ledger)).toEqual(['ours']);
    const theirs = await run(ledger, 'select * from public.budget_windows');
    expect(theirs.rows).toEqual([]);
  });

  test("refuses a schema that holds some other program's tables, and leaves it alone", async () => {
    const url = postgresUrl(server);
    const schema = new URL(url).searchParams.get('schema');
    await onServer(server, `create schema ${schema}`, `create table ${schema}.theirs (x text)`);

    await expect(openLedger(url)).rejects.toMatchObject({
      kind: 'not a ledger',
      message: expect.stringMatching(/some other program.*\?schema=NAME/),
    });
    await expect(onServer(server, `select * from ${schema}.kysely_migration`)).rejects.toThrow(
      /does not exist/,
    );
  });

  test('says so of a user that may make no schema, and uses one that was made for it', async () => {
    const url = postgresUrl(await makeUser('test_restricted'));
    const schema = new URL(url).searchParams.get('schema');

    await expect(openLedger(url)).rejects.toMatchObject({ kind: 'unwritable' });
    await onServer(server, `create schema ${schema} authorization test_restricted`);
    await insertWindow(await openAt(url), 'b');
  });

  test('acknowledges what is on the disk, also where the user is set otherwise', async () => {
    const user = await makeUser(
      'test_hasty',
      'alter role test_hasty set synchronous_commit = off',
      'grant create on database postgres to test_hasty',
    );
    const ledger = await openAt(postgresUrl(user));

    const { rows } = await run(ledger, 'show synchronous_commit');

    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('refuses addresses that cannot be meant, and never shows the password', async () => {
    const addresses = [
      'postgres://me:secret@host',
      'postgres://me:sec/ret@host/db',
      'postgres://me:1#secret@host/db',
      'postgres://me:1/x?secret@host/db',
      'postgres://me:secret@host/db?pol=5',
      'postgres://me:secret@host/db?pool=none',
      'postgres://me:secret@host/db?schema=Mine',
      'postgres://me:secret@host/db?statement_timeout=0',
    ];
    for (const address of addresses) {
      const error = await openLedger(address).catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ name: 'LedgerError', kind: 'unsupported url' });
      expect(inspect(error, { depth: 9 })).not.toMatch(/secret|sec\/ret/);
    }
    await expect(openLedger('postgres://host/db?pol=5')).rejects.toThrow(/option pol\..*pool/);
  });

  test('says so where the server is not there, or does not know the user', async () => {
    const nowhere = new URL(server);
    nowhere.port = '1';
    const stranger = new URL(server);
    stranger.username = 'nobody_at_all';

    for (const url of [nowhere.href, stranger.href]) {
      const error = await openLedger(url).catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ name: 'LedgerError', kind: 'unreachable' });
      expect(inspect(error, { depth: 9 })).not.toContain(PASSWORD);
    }
  });
});

describe('values in PostgreSQL', () => {
  test('are bigint for every type of integer', async () => {
    const ledger = await openAt(postgresUrl(server));

    const { rows } = await run(ledger, 'select 1::int2 as a, 2::int4 as b, 3::int8 as c');

    expect(rows).toEqual([{ a: 1n, b: 2n, c: 3n }]);
  });

  test('with the character NUL are refused, not changed', async () => {
    const ledger = await openAt(postgresUrl(server));

    await expect(insertWindow(ledger, 'a\0b')).rejects.toMatchObject({
      name: 'LedgerError',
      kind: 'failed',
      message: expect.stringContaining('NUL'),
    });
  });
});

describe('writes beside one another', () => {
  test('are done again where they wait for each other in a ring', async () => {
    const ledger = await openAt(postgresUrl(server));
    await insertWindow(ledger, 'a');
    await insertWindow(ledger, 'b');
    const bothHoldOne = Promise.withResolvers<void>();
    let attempts = 0;
    const inTurn = (first: string, second: string) =>
      ledger.write(async (db) => {
        await addOne(db, first);
        attempts += 1;
        if (attempts === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await addOne(db, second);
      });

    await Promise.all([inTurn('a', 'b'), inTurn('b', 'a')]);

    expect(attempts).toBe(3);
    const rows = await ledger.read.selectFrom('budget_windows').select('used').execute();
    expect(rows).toEqual([{ used: 2n }, { used: 2n }]);
  });

  test('never keep a read waiting', async () => {
    const ledger = await openAt(postgresUrl(server, { pool: '2' }));
    const end = Promise.withResolvers<void>();
    const writes = [1, 2, 3].map(() => ledger.write(() => end.promise));

    expect(await budgetsIn(ledger)).toEqual([]);
    end.resolve();
    await Promise.all(writes);
  });

  test('cannot be done through what reads', async () => {
    const ledger = await openAt(postgresUrl(server));

    const query = ledger.read.selectFrom('budget_windows').select(sql`set_config('a.b', '', false)`.as('x'));
    const writing = ledger.read.selectFrom(sql`nextval('none')`.as('x')).selectAll();

    expect(await query.execute()).toEqual([]);
    await expect(writing.execute()).rejects.toMatchObject({ name: 'LedgerError' });
  });
});

describe('every wait in PostgreSQL is bounded', () => {
  test('for a lock that another holds', async () => {
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

  test('for a transaction that does nothing and holds locks', async () => {
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

  test('for a connection, where all are in use', async () => {
    const ledger = await openAt(postgresUrl(server, { pool: '2', connect_timeout: '3' }));

    await ledger.write(async () => {
      await expect(insertWindow(ledger, 'a')).rejects.toMatchObject({ kind: 'busy' });
    });
  });

  test('for a server that falls silent', async () => {
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

describe('a server that fails by itself, and not at what it was asked to do', () => {
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

describe('a server that is lost', () => {
  test('fails what runs, and once it is back the same ledger goes on with all that it acknowledged', async () => {
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
