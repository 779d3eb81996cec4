import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { onServer } from './on-server.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of databases of a PostgreSQL server, one for each worker, with its superuser. */
    readonly postgres: readonly string[];
  }
}

/**
 * Starts one server for all tests of the project, unless GUARDRAIL_TEST_POSTGRES names one. Each worker has a database
 * of its own: Kysely looks through all schemas of a database, and fails where those of other tests go meanwhile.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['GUARDRAIL_TEST_POSTGRES'];
  const server = given === undefined ? await startPostgres() : null;
  const url = server?.url ?? given ?? '';
  const names = Array.from(
    { length: project.vitest.config.maxWorkers },
    () => `worker_${randomUUID().replaceAll('-', '')}`,
  );
  for (const name of names) await onServer(url, `create database ${name}`);
  project.provide(
    'postgres',
    names.map((name) => databaseOf(url, name)),
  );
  return async () => {
    if (server === null) await onServer(url, ...names.map((name) => `drop database ${name} with (force)`));
    else await server.remove();
  };
}

function databaseOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
