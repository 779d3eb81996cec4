import { chunks } from '../../foundation/lists/chunks.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { EntryKind, JournalEntry } from './journal.ts';

/** An entry's ID, with the instant that pruning goes by. */
export interface EntryKey {
  readonly id: string;
  readonly at_ms: bigint;
}

/** Each SQL text may be a megabyte long. */
const CONTENTS_AT_ONCE = 100;

/** Reads these entries as they are in the books now, a few at a time. Missing ones are skipped. */
export async function readEntries(
  db: LedgerReader,
  kind: EntryKind,
  keys: readonly EntryKey[],
  onEntries: (entries: readonly JournalEntry[]) => void | Promise<void>,
): Promise<void> {
  for (const chunk of chunks(keys, CONTENTS_AT_ONCE)) await onEntries(await READERS[kind](db, chunk));
}

/** A settlement's decision and version, parsed from its ID. */
export function settlementKey(id: string): readonly [decisionId: string, version: string] {
  const slash = id.lastIndexOf('/');
  return [id.slice(0, slash), id.slice(slash + 1)];
}

type Reader = (db: LedgerReader, keys: readonly EntryKey[]) => Promise<readonly JournalEntry[]>;

const READERS: Readonly<Record<EntryKind, Reader>> = {
  decision: readDecisions,
  settlement: readSettlements,
  async grant(db, keys) {
    const rows = await db.selectFrom('grants').selectAll().where('id', 'in', idsOf(keys)).execute();
    return rows.map((row) => ({ kind: 'grant', row }));
  },
  async 'grant revocation'(db, keys) {
    const rows = await db
      .selectFrom('grant_revocations')
      .selectAll()
      .where('grant_id', 'in', idsOf(keys))
      .execute();
    return rows.map((row) => ({ kind: 'grant revocation', row }));
  },
  async 'grant request'(db, keys) {
    const rows = await db.selectFrom('grant_requests').selectAll().where('id', 'in', idsOf(keys)).execute();
    return rows.map((row) => ({ kind: 'grant request', row }));
  },
  async 'grant answer'(db, keys) {
    const rows = await db
      .selectFrom('grant_answers')
      .selectAll()
      .where('request_id', 'in', idsOf(keys))
      .execute();
    return rows.map((row) => ({ kind: 'grant answer', row }));
  },
  async reconciliation(db, keys) {
    const rows = await db.selectFrom('reconciliations').selectAll().where('id', 'in', idsOf(keys)).execute();
    return rows.map((row) => ({ kind: 'reconciliation', row }));
  },
  async pruning(db, keys) {
    const rows = await db.selectFrom('prunings').selectAll().where('id', 'in', idsOf(keys)).execute();
    return rows.map((row) => ({ kind: 'pruning', row }));
  },
};

/** Every kind of entry. Object.keys does not know that its keys are these. */
export const entryKinds = Object.keys(READERS) as readonly EntryKind[];

async function readDecisions(db: LedgerReader, keys: readonly EntryKey[]): Promise<JournalEntry[]> {
  const rows = await db.selectFrom('decisions').selectAll().where('id', 'in', idsOf(keys)).execute();
  const read = await db
    .selectFrom('decision_tables')
    .selectAll()
    .where('decision_id', 'in', idsOf(keys))
    .execute();
  const tables = Map.groupBy(read, ({ decision_id }) => decision_id);
  return rows.map((row) => ({
    kind: 'decision',
    row,
    tables: (tables.get(row.id) ?? []).map(({ table_name }) => table_name),
  }));
}

async function readSettlements(db: LedgerReader, keys: readonly EntryKey[]): Promise<JournalEntry[]> {
  const wanted = new Map(keys.map(({ id, at_ms }) => [id, at_ms]));
  const decisions = new Set(keys.map(({ id }) => settlementKey(id)[0]));
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', [...decisions])
    .execute();
  return rows.flatMap((row) => {
    const decisionAtMs = wanted.get(`${row.decision_id}/${row.version}`);
    return decisionAtMs === undefined ? [] : [{ kind: 'settlement', row, decisionAtMs }];
  });
}

function idsOf(keys: readonly EntryKey[]): readonly string[] {
  return keys.map(({ id }) => id);
}
