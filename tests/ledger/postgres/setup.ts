import type { TestProject } from 'vitest/node';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { databaseName, databaseOf, databasesOf, onServer } from '../on-server.ts';
import { startPostgres } from './server.ts';

/** Databases of a PostgreSQL server. */
export interface TestPostgres {
  /** Addresses of one for each worker, with its superuser. */
  readonly workers: readonly string[];
  /**
   * The name of one that holds an empty ledger, to be copied: to migrate a new one takes several times as long. The
   * names of copies begin with it.
   */
  readonly template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: TestPostgres;
  }
}

/**
 * Starts one server for all tests of the project, unless GUARDRAIL_TEST_POSTGRES names one. Each worker has a database
 * of its own: Kysely looks through all schemas of a database, and fails where those of other tests go meanwhile.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['GUARDRAIL_TEST_POSTGRES'];
  const server = given === undefined ? await startPostgres({ flushes: false }) : null;
  const url = server?.url ?? given ?? '';
  const template = databaseName('template');
  const names = Array.from({ length: project.vitest.config.maxWorkers }, () => databaseName('worker'));
  for (const name of [template, ...names]) await onServer(url, `create database ${name}`);
  await (await openLedger(databaseOf(url, template))).close();
  project.provide('postgres', { workers: names.map((name) => databaseOf(url, name)), template });
  return async () => {
    if (server !== null) return server.remove();
    const all = [...(await databasesOf(url, template)), ...names];
    await onServer(url, ...all.map((name) => `drop database ${name} with (force)`));
  };
}
