import type { LedgerTransaction } from '../../../src/ledger/ledger.ts';
import type { JournalEntry } from '../../../src/records/journal/journal.ts';

/** Writes the rows and no journal. */
export async function insertEntry(db: LedgerTransaction, entry: JournalEntry): Promise<void> {
  switch (entry.kind) {
    case 'decision': {
      await db.insertInto('decisions').values(entry.row).execute();
      const tables = entry.tables.map((table_name) => ({ decision_id: entry.row.id, table_name }));
      if (tables.length > 0) await db.insertInto('decision_tables').values(tables).execute();
      return;
    }
    case 'settlement':
      await db.insertInto('settlements').values(entry.row).execute();
      return;
    case 'grant':
      await db.insertInto('grants').values(entry.row).execute();
      return;
    case 'grant revocation':
      await db.insertInto('grant_revocations').values(entry.row).execute();
      return;
    case 'grant request':
      await db.insertInto('grant_requests').values(entry.row).execute();
      return;
    case 'grant answer':
      await db.insertInto('grant_answers').values(entry.row).execute();
      return;
    case 'reconciliation':
      await db.insertInto('reconciliations').values(entry.row).execute();
      return;
    case 'pruning':
      await db.insertInto('prunings').values(entry.row).execute();
  }
}
