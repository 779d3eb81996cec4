import { sql } from 'kysely';
import type { Ledger, LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { type EntryKey, entryKinds, readEntries, settlementKey } from './entries.ts';
import { decisionIdPages, IDS_AT_ONCE, isText, pagesOf } from './id-pages.ts';
import { type EntryKind, enterInJournal, entryId } from './journal.ts';

/** The IDs of one kind that are in the books but not in the journal, a page at a time. */
export async function* idsNotInJournal(
  db: LedgerReader,
  kind: EntryKind,
): AsyncGenerator<readonly string[], void> {
  for await (const ids of pagesOf((after) => ID_PAGES[kind](db, after))) {
    const entered = await db
      .selectFrom('journal')
      .select('id')
      .where('kind', '=', kind)
      .where('id', 'in', ids.filter(isText))
      .execute();
    const missing = idsMissingFrom(ids, entered);
    if (missing.length > 0) yield await stillInBooks(db, kind, missing);
  }
}

/** Leaves out what was pruned after it was read and before it was looked up in the journal. */
async function stillInBooks(
  db: LedgerReader,
  kind: EntryKind,
  ids: readonly string[],
): Promise<readonly string[]> {
  const existing = new Set(ids.filter((id) => !isText(id)));
  await readEntries(db, kind, ids.filter(isText).map(keyWithoutInstant), (entries) => {
    for (const entry of entries) existing.add(entryId(entry));
  });
  return ids.filter((id) => existing.has(id));
}

/** The IDs of decisions that do not exist although tables are recorded for them, a page at a time. */
export async function* tablesWithoutDecision(db: LedgerReader): AsyncGenerator<readonly string[], void> {
  for await (const ids of decisionIdPages(db, 'decision_tables')) {
    const texts = ids.filter(isText);
    const existing = await db.selectFrom('decisions').select('id').where('id', 'in', texts).execute();
    const missing = idsMissingFrom(ids, existing);
    if (missing.length > 0) yield missing;
  }
}

/**
 * Enters in the journal what the books hold from before there was one. Only while nothing is sealed: later, whatever is
 * missing from the journal is a finding.
 */
export async function backfillJournal(ledger: Ledger): Promise<void> {
  for (const kind of entryKinds) {
    for await (const ids of idsNotInJournal(ledger.read, kind)) {
      await ledger.write(async (db) => {
        const keys = kind === 'settlement' ? await settlementKeys(db, ids) : ids.map(keyWithoutInstant);
        await readEntries(db, kind, keys, (entries) => enterInJournal(db, entries));
      });
    }
  }
}

/** A settlement whose decision was never recorded is dated by its own instant. */
async function settlementKeys(db: LedgerReader, ids: readonly string[]): Promise<readonly EntryKey[]> {
  const decisions = [...new Set(ids.map((id) => settlementKey(id)[0]))];
  const rows = await db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .select(['settlements.decision_id', 'settlements.version', 'settlements.at_ms'])
    .select('decisions.at_ms as decision_at_ms')
    .where('settlements.decision_id', 'in', decisions)
    .execute();
  const wanted = new Set(ids);
  return rows
    .map((row) => ({ id: `${row.decision_id}/${row.version}`, at_ms: row.decision_at_ms ?? row.at_ms }))
    .filter(({ id }) => wanted.has(id));
}

/** Kinds other than settlements have their instant in their own rows. */
function keyWithoutInstant(id: string): EntryKey {
  return { id, at_ms: 0n };
}

function idsMissingFrom(
  ids: readonly string[],
  found: readonly { readonly id: string }[],
): readonly string[] {
  const foundIds = new Set(found.map(({ id }) => id));
  return ids.filter((id) => !foundIds.has(id));
}

type IdPage = (db: LedgerReader, after: string | null) => Promise<readonly string[]>;

const ID_PAGES: Readonly<Record<EntryKind, IdPage>> = {
  decision: idsIn('decisions', 'id'),
  async settlement(db, after) {
    const keys = db
      .selectFrom('settlements')
      .select(['decision_id', 'version'])
      .orderBy('decision_id')
      .orderBy('version')
      .limit(IDS_AT_ONCE);
    const rows = await (after === null ? keys : keys.where(isAfterSettlement(after))).execute();
    return rows.map(({ decision_id, version }) =>
      isText(decision_id) ? `${decision_id}/${version}` : decision_id,
    );
  },
  grant: idsIn('grants', 'id'),
  'grant revocation': idsIn('grant_revocations', 'grant_id'),
  'grant request': idsIn('grant_requests', 'id'),
  'grant answer': idsIn('grant_answers', 'request_id'),
  reconciliation: idsIn('reconciliations', 'id'),
  pruning: idsIn('prunings', 'id'),
};

/** Pages of a table whose key is one column. */
function idsIn<Table extends keyof LedgerSchema>(
  table: Table,
  key: keyof LedgerSchema[Table] & string,
): IdPage {
  return async (db, after) => {
    const id = sql.ref<string>(key);
    const ids = db
      .selectFrom(table as keyof LedgerSchema)
      .select(id.as('id'))
      .orderBy(id)
      .limit(IDS_AT_ONCE);
    const rows = await (after === null ? ids : ids.where(id, '>', after)).execute();
    return rows.map((row) => row.id);
  };
}

function isAfterSettlement(id: string) {
  const [decisionId, version] = settlementKey(id);
  return sql<boolean>`(decision_id, version) > (${decisionId}, cast(${version} as bigint))`;
}
