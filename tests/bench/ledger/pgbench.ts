import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/**
 * How many times a second PostgreSQL itself does the bare conditional update, as `pgbench` measures it: one statement,
 * no record of what it was for.
 * @param rows over so many budgets, one of them each time
 */
export async function bareUpdates(
  url: string,
  { rows, clients, seconds, folder }: { rows: number; clients: number; seconds: number; folder: string },
): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    'drop table if exists bare; create table bare (id int primary key, used bigint, most bigint)',
  );
  await client.query(`insert into bare select n, 0, 9000000000000000 from generate_series(1, ${rows}) n`);
  await client.end();
  const script = join(folder, 'bare.sql');
  await writeFile(
    script,
    `\\set id random(1, ${rows})\nupdate bare set used = used + 10 where id = :id and used + 10 <= most;\n`,
  );
  const { host, port, username, password, pathname } = new URL(url.replace(/^postgres:/, 'http:'));
  const { stdout } = await run(
    pgbench(),
    [
      ...['-n', '-f', script, '-c', String(clients), '-j', '1', '-T', String(seconds)],
      ...['-h', host.split(':')[0] ?? '', '-p', port, '-U', username, pathname.slice(1)],
    ],
    { env: { PATH: process.env['PATH'], PGPASSWORD: password } },
  );
  const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (tps === undefined) throw new Error(`pgbench told no rate:\n${stdout}`);
  return Number(tps);
}

function pgbench(): string {
  const [found] = globSync('/usr/lib/postgresql/*/bin/pgbench').toSorted().reverse();
  if (found !== undefined) return found;
  throw new Error("There is no pgbench: install Debian's package postgresql.");
}
