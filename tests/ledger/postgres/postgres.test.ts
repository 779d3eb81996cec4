import { inspect } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { postgresServer, postgresUrl } from '../ledgers.ts';
import { onServer } from '../on-server.ts';
import { budgetsIn, insertWindow } from '../windows.ts';
import { addOne, openAt, run } from './ledgers.ts';
import { PASSWORD } from './server.ts';

const server = postgresServer();

/** A user of the server, gone after the test. */
async function makeUser(name: string, ...more: string[]): Promise<string> {
  await onServer(server, `create role ${name} login password '${PASSWORD}'`, ...more);
  onTestFinished(() => onServer(server, `drop owned by ${name}`, `drop role ${name}`));
  const url = new URL(server);
  url.username = name;
  return url.href;
}

describe('opening a ledger in PostgreSQL', () => {
  test('uses its own schema beside the tables of other programs', async () => {
    const url = postgresUrl(server);
    await onServer(server, 'create table if not exists public.budget_windows (theirs text)');
    onTestFinished(() => onServer(server, 'drop table public.budget_windows'));

    const ledger = await openAt(url);
    await insertWindow(ledger, 'ours');

    expect(await budgetsIn(ledger)).toEqual(['ours']);
    const theirs = await run(ledger, 'select * from public.budget_windows');
    expect(theirs.rows).toEqual([]);
  });

  test('rejects a schema with another program’s tables, and leaves it alone', async () => {
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

  test('rejects a user that may not create a schema, and uses a schema created for it', async () => {
    const url = postgresUrl(await makeUser('test_restricted'));
    const schema = new URL(url).searchParams.get('schema');

    await expect(openLedger(url)).rejects.toMatchObject({ kind: 'unwritable' });
    await onServer(server, `create schema ${schema} authorization test_restricted`);
    await insertWindow(await openAt(url), 'b');
  });

  test('takes no more connections for reading and writing together than ?pool= says', async () => {
    const user = new URL(
      await makeUser(
        'test_counted',
        `grant create on database ${new URL(server).pathname.slice(1)} to test_counted`,
      ),
    );
    const ledger = await openAt(postgresUrl(user.href, { pool: '4' }));
    const mine = sql<{
      n: bigint;
    }>`(select count(*) as n from pg_stat_activity where usename = current_user)`;
    const count = () => ledger.read.selectFrom(mine.as('s')).selectAll().execute();

    await Promise.all(
      Array.from({ length: 8 }, (_none, i) => [count(), insertWindow(ledger, `b${i}`)]).flat(),
    );

    expect(await count()).toEqual([{ n: 4n }]);
  });

  test('acknowledges only what is on disk, even if the user’s own settings differ', async () => {
    const user = await makeUser(
      'test_hasty',
      'alter role test_hasty set synchronous_commit = off',
      `grant create on database ${new URL(server).pathname.slice(1)} to test_hasty`,
    );
    const ledger = await openAt(postgresUrl(user));

    const { rows } = await run(ledger, 'show synchronous_commit');

    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('rejects addresses that make no sense, and never shows the password', async () => {
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

  test('says so if the server is unreachable or does not know the user', async () => {
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

  test('with the character NUL are rejected, not changed', async () => {
    const ledger = await openAt(postgresUrl(server));

    await expect(insertWindow(ledger, 'a\0b')).rejects.toMatchObject({
      name: 'LedgerError',
      kind: 'failed',
      message: expect.stringContaining('NUL'),
    });
  });
});

describe('concurrent writes', () => {
  test('are retried after a deadlock', async () => {
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

    // On a busy machine, the one that was rolled back may meet the other again before it has gone on.
    expect(attempts).toBeGreaterThan(2);
    const rows = await ledger.read.selectFrom('budget_windows').select('used').execute();
    expect(rows).toEqual([{ used: 2n }, { used: 2n }]);
  });

  test('leave nothing behind on the connection that they took in turn', async () => {
    const ledger = await openAt(postgresUrl(server, { pool: '2' }));
    const warned = vi.spyOn(process, 'emitWarning');
    onTestFinished(() => warned.mockRestore());

    // Node warns of the eleventh listener of one event.
    for (let i = 0; i < 12; i += 1) await insertWindow(ledger, `${i}`);

    expect(warned).not.toHaveBeenCalled();
  });

  test('never keep a read waiting', async () => {
    const ledger = await openAt(postgresUrl(server, { pool: '2' }));
    const end = Promise.withResolvers<void>();
    const writes = [1, 2, 3].map(() => ledger.write(() => end.promise));

    expect(await budgetsIn(ledger)).toEqual([]);
    end.resolve();
    await Promise.all(writes);
  });

  test('cannot be made through the connection for reads', async () => {
    const ledger = await openAt(postgresUrl(server));

    const query = ledger.read.selectFrom('budget_windows').select(sql`set_config('a.b', '', false)`.as('x'));
    const writing = ledger.read.selectFrom(sql`nextval('none')`.as('x')).selectAll();

    expect(await query.execute()).toEqual([]);
    await expect(writing.execute()).rejects.toMatchObject({ name: 'LedgerError' });
  });
});
