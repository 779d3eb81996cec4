import { z } from 'zod';
import { bigQueryClient } from '../shared/bigquery-client.ts';

const AT_ONCE = 8;

const metadata = z.object({ schema: z.object({ fields: z.array(z.object({ name: z.string() })) }) });

/**
 * The columns of tables, in lower case, according to the warehouse. Tables about which it says nothing are left out:
 * gone, hidden from the caller, or one of many that match a pattern.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get
 */
export async function warehouseColumns(
  tables: readonly string[],
  warehouse: { readonly endpoint: string; readonly token: string | undefined },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const columnsByTable = new Map<string, readonly string[]>();
  for (let from = 0; from < tables.length; from += AT_ONCE) {
    const chunk = tables.slice(from, from + AT_ONCE);
    const answers = await Promise.all(chunk.map((table) => columnsOf(table, warehouse)));
    for (const [i, columns] of answers.entries()) {
      const table = chunk[i];
      if (table !== undefined && columns !== null) columnsByTable.set(table, columns);
    }
  }
  return columnsByTable;
}

async function columnsOf(
  table: string,
  warehouse: { readonly endpoint: string; readonly token: string | undefined },
): Promise<readonly string[] | null> {
  // A project ID may contain dots; names of datasets and tables do not.
  const [, projectId, datasetId, tableId] = /^(.+)\.([^.]+)\.([^.]+)$/.exec(table) ?? [];
  if (projectId === undefined || datasetId === undefined || tableId === undefined) return null;
  try {
    const client = bigQueryClient({ projectId, ...warehouse });
    const [answer] = await client.dataset(datasetId).table(tableId).getMetadata();
    return metadata.parse(answer).schema.fields.map(({ name }) => name.toLowerCase());
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

/** No such table, no access to it, or something without columns. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof z.ZodError) return true;
  return error instanceof Error && 'code' in error && [400, 403, 404].includes(Number(error.code));
}
