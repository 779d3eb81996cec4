import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A DuckDB in memory. Each piece of work gets its own connection, so that none is hit by another's interrupt. */
export interface Connections {
  /** Runs work on a connection that is closed afterwards in any case. */
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Runs statements for their effect, ignoring rows. */
  execute(sql: string): Promise<void>;
  /** Rows as plain objects. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): void;
}

/** The name under which tables are found: a BigQuery project is a DuckDB catalog. */
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
  // BigQuery's TIMESTAMP functions use UTC if no time zone is named.
  await connections.execute("SET GLOBAL TimeZone = 'UTC'");
  await connections.execute(`ATTACH ':memory:' AS ${quoteIdentifier(projectId)} (COMPRESS)`);
  // Without this, read_csv('/etc/passwd') in a query would show files of whoever runs the sandbox.
  await connections.execute('SET GLOBAL enable_external_access = false');
  return connections;
}

/** A quoted identifier for DuckDB, whatever it contains. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A quoted string literal for DuckDB. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
