import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { emptyPostgres, emptySqlite } from './empty-ledgers.ts';
import { onServer } from './on-server.ts';

/**
 * The address of a ledger that is not there yet, and gone after the test: a schema of the PostgreSQL server that the
 * project `services` starts or GUARDRAIL_TEST_POSTGRES names, else a SQLite file.
 */
export async function ledgerUrl(): Promise<string> {
  const server = ownDatabase() ?? process.env['GUARDRAIL_TEST_POSTGRES'];
  return server === undefined ? sqliteUrl() : postgresUrl(server);
}

/** The address of the PostgreSQL database of this worker alone, where the project is `services`. */
export function postgresServer(): string {
  const url = ownDatabase();
  if (url === undefined) throw new Error('only the project `services` has a PostgreSQL server');
  return url;
}

function ownDatabase(): string | undefined {
  // Vitest numbers the workers that run beside each other from 1 to maxWorkers.
  return inject('postgres')?.workers[Number(process.env['VITEST_POOL_ID']) - 1];
}

/** The address of an empty ledger, gone after the test. */
export async function emptyLedgerUrl(): Promise<string> {
  const server = ownDatabase();
  return server === undefined ? await emptySqlite() : await emptyPostgres(server);
}

/** An empty ledger, closed and gone after the test. */
export async function freshLedger(): Promise<Ledger> {
  const ledger = await openLedger(await emptyLedgerUrl());
  onTestFinished(() => ledger.close());
  return ledger;
}

/** The address of a ledger in a SQLite file, wherever the other tests keep theirs. */
export async function sqliteUrl(): Promise<string> {
  const folder = await temporaryFolder();
  return `sqlite:${join(folder, 'ledger.db')}`;
}

/** The address of a ledger in a new schema of a server. */
export function postgresUrl(server: string, options: Readonly<Record<string, string>> = {}): string {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  onTestFinished(() => onServer(server, `drop schema if exists ${schema} cascade`));
  const url = new URL(server);
  for (const [name, value] of Object.entries({ schema, pool: '4', ...options })) {
    url.searchParams.set(name, value);
  }
  return url.href;
}
