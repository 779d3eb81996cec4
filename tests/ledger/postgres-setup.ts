import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a PostgreSQL server is whose superuser the address names. */
    readonly postgres: string;
  }
}

/** Starts one server for all tests of the project, unless GUARDRAIL_TEST_POSTGRES names one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['GUARDRAIL_TEST_POSTGRES'];
  if (given !== undefined) {
    project.provide('postgres', given);
    return undefined;
  }
  const server = await startPostgres();
  project.provide('postgres', server.url);
  return server.remove;
}
