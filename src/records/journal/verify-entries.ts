import type { Selectable } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { prunedBeforeMs } from '../pruning/prune-journal.ts';
import { entriesHash, isPrunable, type SealRow } from './chain.ts';
import { entryKinds, readEntries } from './entries.ts';
import type { BooksFinding } from './findings.ts';
import { entryAtMs, entryHash, entryId } from './journal.ts';
import { idsNotInJournal, tablesWithoutDecision } from './not-in-journal.ts';

export type JournalRow = Selectable<LedgerSchema['journal']>;

/** How many of each a verification has found. */
interface EntryCounts {
  /** Whose content was compared with what was entered. */
  checked: number;
  /** Whose content is gone, and a pruning accounts for that. */
  pruned: number;
}

/** Compares the books with the journal, part by part. */
export interface EntryCheck {
  readonly counts: EntryCounts;
  /** Whether a seal's journal rows are the ones it sealed, or are all pruned. */
  checkSeal(seal: SealRow, rows: readonly JournalRow[]): Promise<void>;
  /** Whether the books hold what the journal rows say. */
  checkContents(rows: readonly JournalRow[]): Promise<void>;
  /** Whether the journal holds everything that the books do. */
  checkUnjournaled(): Promise<void>;
}

/** Checks entries of the books against what the journal says about them, and counts them. */
export function createEntryCheck(db: LedgerReader, onFinding: (finding: BooksFinding) => void): EntryCheck {
  const counts: EntryCounts = { checked: 0, pruned: 0 };
  const isPruned = createPruningCheck(db);

  async function checkSeal(seal: SealRow, rows: readonly JournalRow[]): Promise<void> {
    const number = String(seal.seal);
    if (rows.length === 0 && seal.all_before_ms !== null && (await isPruned(seal.all_before_ms))) {
      counts.pruned += Number(seal.entries);
    } else if (BigInt(rows.length) !== seal.entries) {
      const sealed = String(seal.entries);
      onFinding({ finding: 'sealed entries missing', seal: number, sealed, found: rows.length });
    } else if (entriesHash(rows) !== seal.entries_hash) {
      onFinding({ finding: 'sealed entries altered', seal: number });
    }
  }

  async function checkContents(rows: readonly JournalRow[]): Promise<void> {
    const missing = new Set(rows);
    for (const kind of entryKinds) {
      const rowsOfKind = rows.filter((row) => row.kind === kind && typeof row.id === 'string');
      const byId = new Map(rowsOfKind.map((row) => [row.id, row]));
      await readEntries(db, kind, rowsOfKind, (entries) => {
        for (const entry of entries) {
          const row = byId.get(entryId(entry));
          if (row === undefined) continue;
          missing.delete(row);
          counts.checked += 1;
          const same = entryAtMs(entry) === row.at_ms && entryHash(entry) === row.hash;
          if (!same) onFinding({ finding: 'entry altered', kind, id: row.id });
        }
      });
    }
    for (const { kind, id, at_ms } of missing) {
      if (isPrunable(kind) && typeof at_ms === 'bigint' && (await isPruned(at_ms + 1n))) counts.pruned += 1;
      else onFinding({ finding: 'entry missing', kind: String(kind), id: String(id) });
    }
  }

  return { counts, checkSeal, checkContents, checkUnjournaled: () => checkUnjournaled(db, onFinding) };
}

async function checkUnjournaled(db: LedgerReader, onFinding: (finding: BooksFinding) => void): Promise<void> {
  for (const kind of entryKinds) {
    for await (const ids of idsNotInJournal(db, kind)) {
      for (const id of ids) onFinding({ finding: 'entry not in the journal', kind, id: String(id) });
    }
  }
  for await (const ids of tablesWithoutDecision(db)) {
    for (const id of ids) onFinding({ finding: 'table of no decision', kind: 'decision', id: String(id) });
  }
}

/** Whether all before an instant is pruned. It looks again before it says no: decisions may be pruned meanwhile. */
function createPruningCheck(db: LedgerReader): (beforeMs: bigint) => Promise<boolean> {
  let prunedBefore = 0n;
  return async (beforeMs) => {
    if (beforeMs > prunedBefore) prunedBefore = await prunedBeforeMs(db);
    return beforeMs <= prunedBefore;
  };
}
