import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { enterInJournal, type JournalEntry } from '../../../../src/records/journal/journal.ts';
import { sealNow } from '../../../../src/records/journal/seal.ts';
import { copyNextSpend } from '../../../../src/records/spend/copy/copy-spend.ts';
import { decisionRow, settlementRow } from '../../journal/entries.ts';
import { insertEntry } from '../../journal/insert-entry.ts';

export const HOUR_MS = 3_600_000;

export const DAY_MS = 24 * HOUR_MS;

export const start = Date.UTC(2026, 10, 1);

/** As the books enter it. */
async function enter(ledger: Ledger, entry: JournalEntry): Promise<void> {
  await ledger.write(async (db) => {
    await insertEntry(db, entry);
    await enterInJournal(db, [entry]);
  });
}

export const decide = (
  ledger: Ledger,
  changes: Parameters<typeof decisionRow>[0],
  tables: readonly string[] = [],
) => enter(ledger, { kind: 'decision', row: decisionRow(changes), tables });

export const settle = (
  ledger: Ledger,
  changes: Parameters<typeof settlementRow>[0],
  decisionAtMs = BigInt(start),
) => enter(ledger, { kind: 'settlement', row: settlementRow(changes), decisionAtMs });

export async function copyAll(ledger: Ledger): Promise<void> {
  await sealNow(ledger);
  while (await copyNextSpend(ledger));
}
