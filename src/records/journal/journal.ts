import type { Insertable, Selectable } from 'kysely';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { createInsert } from '../../ledger/statements/insert.ts';
import { digestOf, withType } from './digest.ts';

type Row<Table extends keyof LedgerSchema> = Insertable<LedgerSchema[Table]>;

/** An entry of the books, with its rows as they are inserted. */
export type JournalEntry =
  | {
      readonly kind: 'decision';
      readonly row: Row<'decisions'>;
      /** The names in `decision_tables`, in any order. */
      readonly tables: readonly string[];
    }
  | {
      readonly kind: 'settlement';
      readonly row: Row<'settlements'>;
      /** `at_ms` of its decision: the two are pruned together. */
      readonly decisionAtMs: bigint;
    }
  | { readonly kind: 'grant'; readonly row: Row<'grants'> }
  | { readonly kind: 'grant revocation'; readonly row: Row<'grant_revocations'> }
  | { readonly kind: 'grant request'; readonly row: Row<'grant_requests'> }
  | { readonly kind: 'grant answer'; readonly row: Row<'grant_answers'> }
  | { readonly kind: 'reconciliation'; readonly row: Row<'reconciliations'> }
  | { readonly kind: 'pruning'; readonly row: Row<'prunings'> };

export type EntryKind = JournalEntry['kind'];

/** Raised when the canonical form changes; hashes of later forms will be stored as `2:…`. */
const FORMAT_VERSION = 1;

const insertEntries = createInsert('journal', (insert) => insert.onConflict((on) => on.doNothing()));

/**
 * Enters digests of rows that are inserted in the same transaction. An entry already in the journal stays as it is, so
 * pass only entries that were really inserted.
 */
export async function enterInJournal(db: LedgerTransaction, entries: readonly JournalEntry[]): Promise<void> {
  await insertEntries(db, entries.map(journalRowOf));
}

function journalRowOf(entry: JournalEntry): Selectable<LedgerSchema['journal']> {
  return {
    kind: entry.kind,
    id: entryId(entry),
    at_ms: entryAtMs(entry),
    hash: entryHash(entry),
    seal: null,
  };
}

/** Identifies an entry among those of its kind; `DECISION/VERSION` for a settlement. */
export function entryId(entry: JournalEntry): string {
  if (entry.kind === 'settlement') return `${entry.row.decision_id}/${entry.row.version}`;
  if (entry.kind === 'grant answer') return entry.row.request_id;
  return entry.kind === 'grant revocation' ? entry.row.grant_id : entry.row.id;
}

/** When its query was admitted, or when it was made, in milliseconds since the epoch. */
export function entryAtMs(entry: JournalEntry): bigint {
  if (entry.kind === 'settlement') return entry.decisionAtMs;
  return entry.kind === 'grant' ? entry.row.created_at_ms : entry.row.at_ms;
}

/** SHA-256 of the canonical form, in hex. */
export function entryHash(entry: JournalEntry): string {
  return digestOf(canonicalForm(entry));
}

/**
 * One form for the same content, whichever database it comes from: the form's number, the kind, the instant that
 * pruning goes by, the columns by name, each with type and value, and the tables read, by name.
 *
 * Null columns are left out. A column added later that is null in older rows therefore leaves their hashes unchanged; a
 * column added with a default must be left out here when it holds that default.
 */
function canonicalForm(entry: JournalEntry): readonly unknown[] {
  const columns = Object.entries<unknown>({ ...entry.row })
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([column, value]) => [column, ...withType(value)]);
  const tables = entry.kind === 'decision' ? [...entry.tables].sort().map(withType) : [];
  return [FORMAT_VERSION, entry.kind, withType(entryAtMs(entry)), columns, tables];
}
