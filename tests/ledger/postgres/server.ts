import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const USER = 'guardrail';
export const PASSWORD = 'a-secret-of-the-tests';

/** Debian's `nobody` and `nogroup`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/** A PostgreSQL server of its own, in a folder that is gone once it is removed. */
export interface PostgresServer {
  /** Its superuser and database, with the password. */
  readonly url: string;
  start(): Promise<void>;
  /** `immediate`: as a crash would. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops it, and deletes all that it kept. */
  remove(): Promise<void>;
}

/**
 * Makes and starts a server as it comes from Debian's package `postgresql`. It sorts text by the rules of a language, as
 * most do, so that nothing rests on the order of bytes.
 * @param flushes false for a server that is never killed: it need not flush every commit, and is several times as fast
 */
export async function startPostgres({ flushes = true } = {}): Promise<PostgresServer> {
  const programs = programsFolder();
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-postgres-'));
  const port = await freePort();
  const data = join(folder, 'data');
  const command = async (name: string, ...args: string[]) => {
    const [file = '', ...rest] = asNobody([join(programs, name), '-D', data, ...args]);
    await run(file, rest, { cwd: folder });
  };
  const start = () => command('pg_ctl', 'start', '--wait', '--silent', '--log', join(folder, 'log'));
  const stop = (mode: string) => command('pg_ctl', 'stop', '--wait', '--silent', '--mode', mode);

  await writeFile(join(folder, 'password'), PASSWORD);
  if (isRoot()) {
    for (const path of [folder, join(folder, 'password')]) await chown(path, NOBODY, NOBODY);
  }
  const passwordFile = `--pwfile=${join(folder, 'password')}`;
  const locale = ['--encoding', 'UTF8', '--locale-provider', 'icu', '--icu-locale', 'en-US'];
  await command('initdb', '--username', USER, '--auth', 'scram-sha-256', passwordFile, ...locale);
  const settings = {
    port,
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: "''",
    max_connections: 200,
    fsync: flushes,
    full_page_writes: flushes,
  };
  await writeFile(
    join(data, 'postgresql.auto.conf'),
    Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  await start();
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async remove() {
      // One that a test has stopped already cannot be stopped again.
      await stop('immediate').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The newest of Debian's. */
function programsFolder(): string {
  const found = globSync('/usr/lib/postgresql/*/bin');
  const [newest] = found.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  if (newest !== undefined) return newest;
  throw new Error("There is no PostgreSQL in /usr/lib/postgresql: install Debian's package postgresql.");
}

function asNobody(command: readonly string[]): readonly string[] {
  if (!isRoot()) return command;
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...command];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address.port;
}
