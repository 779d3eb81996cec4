import { chunks } from '../../../foundation/lists/chunks.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../../ledger/ledger.ts';
import { settlementKey } from '../../journal/entries.ts';
import { nextSeals } from '../../journal/next-seals.ts';
import { QUERY_SPEND_COLUMNS, spendOfEach } from '../spend-of-queries.ts';

/** The copy's name in its cursor's row. */
const COPY = 'spend';

/** Few enough that an admission waiting for SQLite meanwhile waits only some milliseconds. */
const ENTRIES_AT_ONCE = 250;

/** Each is a condition of one statement, and SQLite takes no more than a thousand. */
const DELETED_AT_ONCE = 100;

/** In quiet times each seal holds only an entry or two. */
const SEALS_AT_ONCE = 250;

/** Everything up to this seal is in the copy; 0 before there is one. */
export async function copiedUpTo(db: LedgerReader): Promise<bigint> {
  const row = await db
    .selectFrom('query_spend_cursors')
    .select('seal')
    .where('copy', '=', COPY)
    .executeTakeFirst();
  return row?.seal ?? 0n;
}

/**
 * Copies what queries came to from the next seals. Every change to the books is sealed later than what it changes, so
 * going through the seals in order leaves nothing out, whatever was corrected or came late. A query that is copied
 * again replaces its copy.
 * @returns false if everything that is sealed is copied
 */
export async function copyNextSpend(ledger: Ledger): Promise<boolean> {
  const from = await copiedUpTo(ledger.read);
  const seals = await nextSeals(ledger.read, from + 1n, {
    maxSeals: SEALS_AT_ONCE,
    maxEntries: ENTRIES_AT_ONCE,
  });
  const last = seals.at(-1)?.seal;
  if (last === undefined) return false;
  const ids = await queriesIn(ledger.read, from, last);
  await ledger.write(async (db) => {
    // Locks the cursor until this transaction ends; another replica may have moved it meanwhile.
    if (await moveCursor(db, from, last)) await copyQueries(db, ids);
  });
  return true;
}

async function queriesIn(db: LedgerReader, from: bigint, last: bigint): Promise<readonly string[]> {
  const entries = await db
    .selectFrom('journal')
    .select(['kind', 'id'])
    .where('seal', '>', from)
    .where('seal', '<=', last)
    .execute();
  return queriesOf(entries);
}

/** The queries that journal entries are about, each once. */
export function queriesOf(
  entries: readonly { readonly kind: string; readonly id: string }[],
): readonly string[] {
  const ids = entries.flatMap(({ kind, id }) => {
    if (kind === 'decision') return [id];
    return kind === 'settlement' ? [settlementKey(id)[0]] : [];
  });
  return [...new Set(ids)];
}

/** @returns false if it is no longer where it was */
async function moveCursor(db: LedgerTransaction, from: bigint, to: bigint): Promise<boolean> {
  await db
    .insertInto('query_spend_cursors')
    .values({ copy: COPY, seal: 0n })
    .onConflict((on) => on.doNothing())
    .execute();
  const { numUpdatedRows } = await db
    .updateTable('query_spend_cursors')
    .set({ seal: to })
    .where('copy', '=', COPY)
    .where('seal', '=', from)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function copyQueries(db: LedgerTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await deleteCopiesOf(db, ids);
  await db.insertInto('query_spend').columns(QUERY_SPEND_COLUMNS).expression(spendOfEach(db, ids)).execute();
}

/**
 * Deletes the copies of queries whose records are still there. A query whose decision came after its settlement may have
 * been copied under another instant than it would be now. The copies are looked for first: SQLite would read all of them
 * to delete by keys from another statement.
 */
export async function deleteCopiesOf(db: LedgerTransaction, ids: readonly string[]): Promise<void> {
  const decided = db
    .selectFrom('decisions')
    .innerJoin('query_spend', (join) =>
      join
        .onRef('query_spend.at_ms', '=', 'decisions.at_ms')
        .onRef('query_spend.decision_id', '=', 'decisions.id'),
    )
    .where('decisions.id', 'in', ids);
  const settled = db
    .selectFrom('settlements')
    .innerJoin('query_spend', (join) =>
      join
        .onRef('query_spend.at_ms', '=', 'settlements.at_ms')
        .onRef('query_spend.decision_id', '=', 'settlements.decision_id'),
    )
    .where('settlements.decision_id', 'in', ids);
  const keys = ['query_spend.at_ms', 'query_spend.decision_id'] as const;
  const copies = [...(await decided.select(keys).execute()), ...(await settled.select(keys).execute())];
  for (const some of chunks(copies, DELETED_AT_ONCE)) {
    await db
      .deleteFrom('query_spend')
      .where((eb) => eb.or(some.map(({ at_ms, decision_id }) => eb.and({ at_ms, decision_id }))))
      .execute();
  }
}
