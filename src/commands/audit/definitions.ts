import { Readable } from 'node:stream';
import type { BigQuery } from '@google-cloud/bigquery';
import { createTableDefinitions } from '../../estimate/definitions/table-definitions.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import { type TableReference, tableName } from '../../vocabulary/table.ts';
import type { TableDefinition } from '../../vocabulary/table-definition.ts';

const TIMEOUT_MS = 10_000;
/** Longer than an audit. */
const TTL_MS = DAY_MS;

/**
 * What the warehouse says about each table, by `project.dataset.table`; tables about which it says nothing are absent.
 */
export async function definitionsOf(
  tables: readonly TableReference[],
  client: BigQuery,
  { upstream, concurrency }: { readonly upstream: string; readonly concurrency: number },
): Promise<ReadonlyMap<string, TableDefinition>> {
  const token = await client.authClient.getAccessToken();
  const asker = { credentialKey: '', headers: { authorization: `Bearer ${token}` }, search: '' };
  const byName = new Map(tables.map((table) => [tableName(table), table]));
  const definitions = createTableDefinitions({
    upstream,
    timeoutMs: TIMEOUT_MS,
    ttlMs: TTL_MS,
    maxEntries: byName.size + 1,
  });
  const found = await Readable.from(byName)
    .map(
      async ([name, table]: [string, TableReference]) => [name, await definitions.of(table, asker)] as const,
      { concurrency },
    )
    .toArray();
  return new Map(found.flatMap(([name, definition]) => (definition === null ? [] : [[name, definition]])));
}
