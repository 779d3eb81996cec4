import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Runs statements beside the ledger. */
export async function onServer(server: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A name that no other database has. */
export function databaseName(kind: string): string {
  return `${kind}_${randomUUID().replaceAll('-', '')}`;
}

/** The address of another database of the same server. */
export function databaseOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** The names of a server's databases that begin with `start`. */
export async function databasesOf(server: string, start: string): Promise<readonly string[]> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [start],
    );
    return rows.map(({ datname }) => datname);
  } finally {
    await client.end();
  }
}
