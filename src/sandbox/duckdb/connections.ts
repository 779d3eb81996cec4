import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A DuckDB in memory; each piece of work gets a connection of its own, so that none sees another's interrupts. */
export interface Connections {
  /** Runs work on a connection that is closed afterwards, whatever happens. */
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Runs statements whose rows nobody wants. */
  execute(sql: string): Promise<void>;
  /** Rows as plain objects. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): void;
}

/** The name under which tables are found: BigQuery's project is DuckDB's catalog. */
export async function openConnections(projectId: string): Promise<Connections> {
  const instance = await DuckDBInstance.create(':memory:');
  const connections: Connections = {
    async use(work) {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    },
    execute: (sql) =>
      connections.use(async (connection) => {
        await connection.run(sql);
      }),
    rows: (sql) =>
      connections.use(async (connection) => (await connection.runAndReadAll(sql)).getRowObjects()),
    close: () => instance.closeSync(),
  };
  // BigQuery's TIMESTAMP functions work in UTC wherever no zone is named.
  await connections.execute("SET GLOBAL TimeZone = 'UTC'");
  await connections.execute(`ATTACH ':memory:' AS ${quoted(projectId)} (COMPRESS)`);
  return connections;
}

/** An identifier as DuckDB takes it, whatever stands in it. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A string literal as DuckDB takes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
