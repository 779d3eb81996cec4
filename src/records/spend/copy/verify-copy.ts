import { type Selectable, sql } from 'kysely';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { QuerySpendTable } from '../../../ledger/schema/spend.ts';
import { decisionIdPages, IDS_AT_ONCE, isText } from '../../journal/id-pages.ts';
import { prunedBeforeMs } from '../../pruning/prune-journal.ts';
import { QUERY_SPEND_COLUMNS, spendOfEach } from '../spend-of-queries.ts';
import { copiedUpTo } from './copy-spend.ts';

/** If there are more, nobody needs them named one by one: the copy is to be made again. */
const MOST_REPORTED = 1_000;

/**
 * Finds queries whose copy is not what their records say: changed, missing, or of no query. What is not copied yet is
 * not missing, since sums take it from the records.
 */
export async function* wronglyCopied(db: LedgerReader): AsyncGenerator<string, void> {
  let reported = 0;
  for await (const suspects of suspectPages(db)) {
    // Looked at again, since the copy goes on meanwhile: what is copied between two looks is right at the second.
    const wrong = await stillWrong(db, await stillWrong(db, suspects));
    yield* wrong;
    reported += wrong.length;
    if (reported >= MOST_REPORTED) return;
  }
}

async function* suspectPages(db: LedgerReader): AsyncGenerator<readonly string[], void> {
  if ((await copiedUpTo(db)) === 0n) return;
  for await (const copies of pagesOfCopies(db)) yield await differing(db, copies);
  for await (const ids of decisionIdPages(db, 'settlements')) {
    yield await uncopied(db, await withoutCopy(db, ids.filter(isText)));
  }
}

type Copy = Selectable<QuerySpendTable>;

/** Sums take nothing from the copy before the last pruning. */
async function readCopies(db: LedgerReader, after: Copy | undefined): Promise<readonly Copy[]> {
  const all = db
    .selectFrom('query_spend')
    .selectAll()
    .where('at_ms', '>=', await prunedBeforeMs(db));
  const rest =
    after === undefined
      ? all
      : all.where(sql<boolean>`(at_ms, decision_id) > (${after.at_ms}, ${after.decision_id})`);
  return rest.orderBy('at_ms').orderBy('decision_id').limit(IDS_AT_ONCE).execute();
}

async function* pagesOfCopies(db: LedgerReader): AsyncGenerator<readonly Copy[], void> {
  let last: Copy | undefined;
  do {
    const page: readonly Copy[] = await readCopies(db, last);
    if (page.length > 0) yield page;
    last = page.length < IDS_AT_ONCE ? undefined : page.at(-1);
  } while (last !== undefined);
}

/** The queries of copies that are not what the records say. */
async function differing(db: LedgerReader, copies: readonly Copy[]): Promise<readonly string[]> {
  const ids = copies.map((copy) => copy.decision_id).filter(isText);
  const recorded = ids.length === 0 ? [] : await spendOfEach(db, ids).execute();
  const byId = new Map(recorded.map((row) => [row.decision_id, row]));
  return copies
    .filter((copy) => {
      const row = byId.get(copy.decision_id);
      return row === undefined || QUERY_SPEND_COLUMNS.some((column) => row[column] !== copy[column]);
    })
    .map((copy) => copy.decision_id);
}

/**
 * Those of some settled queries that have no copy under the instant of their decision: few, and most of them did not run. What
 * the others came to has been compared with their copy, and need not be asked for again.
 */
async function withoutCopy(db: LedgerReader, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const copied = await db
    .selectFrom('decisions')
    .innerJoin('query_spend', (join) =>
      join
        .onRef('query_spend.at_ms', '=', 'decisions.at_ms')
        .onRef('query_spend.decision_id', '=', 'decisions.id'),
    )
    .where('decisions.id', 'in', ids)
    .select('decisions.id')
    .execute();
  const have = new Set(copied.map(({ id }) => id));
  return ids.filter((id) => !have.has(id));
}

/** Those of some settled queries that have no copy. */
async function uncopied(db: LedgerReader, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom(spendOfEach(db, ids).as('recorded'))
    .leftJoin('query_spend', (join) =>
      join
        .onRef('query_spend.at_ms', '=', 'recorded.at_ms')
        .onRef('query_spend.decision_id', '=', 'recorded.decision_id'),
    )
    .where('query_spend.decision_id', 'is', null)
    .where('recorded.at_ms', '>=', await prunedBeforeMs(db))
    .select('recorded.decision_id')
    .execute();
  return rows.map((row) => row.decision_id);
}

async function stillWrong(db: LedgerReader, suspects: readonly string[]): Promise<readonly string[]> {
  const waiting = await waitingToBeCopied(db, suspects);
  const ids = suspects.filter((id) => !waiting.has(id));
  if (ids.length === 0) return [];
  const copies = await db
    .selectFrom('query_spend')
    .selectAll()
    .where('at_ms', '>=', await prunedBeforeMs(db))
    .where('decision_id', 'in', ids)
    .execute();
  return [...new Set([...(await differing(db, copies)), ...(await uncopied(db, ids))])];
}

/** Those of some queries about which something was entered that is not copied yet. */
async function waitingToBeCopied(db: LedgerReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const upTo = await copiedUpTo(db);
  const settlements = await db
    .selectFrom('settlements')
    .select(['decision_id', 'version'])
    .where('decision_id', 'in', ids)
    .execute();
  const idOf = new Map(settlements.map((row) => [`${row.decision_id}/${row.version}`, row.decision_id]));
  const rows = await db
    .selectFrom('journal')
    .select(['kind', 'id'])
    .where((eb) => eb.or([eb('seal', 'is', null), eb('seal', '>', upTo)]))
    .where((eb) =>
      eb.or([
        eb.and([eb('kind', '=', 'decision'), eb('id', 'in', ids)]),
        eb.and([eb('kind', '=', 'settlement'), eb('id', 'in', [...idOf.keys(), ''])]),
      ]),
    )
    .execute();
  return new Set(rows.map(({ kind, id }) => (kind === 'decision' ? id : (idOf.get(id) ?? id))));
}
