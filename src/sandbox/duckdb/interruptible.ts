import type { DuckDBConnection } from '@duckdb/node-api';
import { toQueryError } from './errors.ts';

/** DuckDB forgets an interrupt that comes before a query has got a thread to start on. */
const INTERRUPT_AGAIN_MS = 20;

/**
 * Runs work on a connection until it ends or the signal is aborted; then it rejects with the signal's reason, whatever
 * the interrupt made of the work.
 * @throws BigQueryError for DuckDB errors that the query caused
 */
export async function runInterruptibly<T>(
  connection: Pick<DuckDBConnection, 'interrupt'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    again = setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw toQueryError(error);
  } finally {
    signal.removeEventListener('abort', interrupt);
    clearInterval(again);
  }
}
