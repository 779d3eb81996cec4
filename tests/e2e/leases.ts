import { DatabaseSync } from 'node:sqlite';

/**
 * Lets the leases in a ledger run out at once: those of processes that were killed, which take half a minute, and what
 * they had claimed to send as lineage, which takes a whole one. A process that is alive renews its own.
 * @param ledger `sqlite:PATH`
 */
export function endLeases(ledger: string): void {
  const database = new DatabaseSync(ledger.replace(/^sqlite:/, ''), { timeout: 10_000 });
  try {
    database.exec('UPDATE replicas SET alive_until_ms = 0; UPDATE lineage_cursors SET claimed_until_ms = 0');
  } finally {
    database.close();
  }
}
