import {
  createTableDefinitions,
  type TableDefinitions,
} from '../../../src/estimate/definitions/table-definitions.ts';
import { type LittleServer, littleServer, sendJson } from '../../little-server.ts';
import { asker, PROJECT } from '../builders.ts';

export const table = (tableId: string) => ({ projectId: PROJECT, datasetId: 'atendimento', tableId });

export const EVENTS = table('events');

export const ana = asker('ana');

/** Definitions from a small HTTP warehouse. */
export async function definitions(
  answer: Parameters<typeof littleServer>[0],
  options: { readonly ttlMs?: number; readonly timeoutMs?: number } = {},
): Promise<TableDefinitions & { readonly warehouse: LittleServer; readonly failures: string[] }> {
  const warehouse = await littleServer(answer);
  const failures: string[] = [];
  const made = createTableDefinitions({
    upstream: warehouse.url,
    timeoutMs: 5000,
    ttlMs: 60_000,
    maxEntries: 100,
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  return { ...made, warehouse, failures };
}

/** The definition read from a table resource. */
export async function made(resource: unknown) {
  const { of } = await definitions((response) => sendJson(response, 200, resource));
  return of(EVENTS, ana);
}
