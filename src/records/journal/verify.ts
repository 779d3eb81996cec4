import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Pruning } from '../pruning/prune-journal.ts';
import { wronglyCopied } from '../spend/copy/verify-copy.ts';
import { type ChainHead, chainHead, headOf, type SealRow } from './chain.ts';
import type { BooksFinding } from './findings.ts';
import { createChainCheck } from './verify-chain.ts';
import { createEntryCheck, type EntryCheck, type JournalRow } from './verify-entries.ts';

const SEALS_AT_ONCE = 500;

/** A seal has a few hundred entries; small seals are read together. */
const ENTRIES_AT_ONCE = 2_000;

/** Sealing takes seconds; anything entered longer ago than this is not merely on its way. */
const UNSEALED_FOR_MS = 600_000;

export interface VerifyOptions {
  /** Heads of the chain that were kept elsewhere: hashes by seal number. */
  readonly heads: ReadonlyMap<number, string>;
  readonly nowMs: number;
  onFinding(finding: BooksFinding): void;
  /** @param share of the seals that are verified, from 0 to 1 */
  onProgress(share: number): void;
}

/** What was looked at. Findings go to `onFinding`. */
export interface VerifyReport {
  /** The head of the chain; null if nothing was ever sealed. */
  readonly head: ChainHead | null;
  /** Entries whose content was compared with what was entered. */
  readonly entries: number;
  /** How many of those are not sealed yet. */
  readonly unsealed: number;
  /** Entries that are gone, with prunings that account for them. */
  readonly pruned: number;
  /** In order of time. */
  readonly prunings: readonly Pruning[];
  readonly findings: number;
}

/**
 * Compares the books with the journal, the journal with the chain of seals, and the copy from which spend is summed with
 * the books, in constant memory. Entries made meanwhile are not findings.
 */
export async function verifyRecords(db: LedgerReader, options: VerifyOptions): Promise<VerifyReport> {
  let findings = 0;
  const onFinding = (finding: BooksFinding) => {
    findings += 1;
    options.onFinding(finding);
  };
  const entries = createEntryCheck(db, onFinding);
  const head = await verifySeals(db, entries, { ...options, onFinding });
  await verifyBeyond(db, head, onFinding);
  const unsealed = await verifyUnsealed(db, head, entries, { ...options, onFinding });
  await entries.checkUnjournaled();
  for await (const id of wronglyCopied(db)) onFinding({ finding: 'copy altered', id: String(id) });
  return {
    head,
    entries: entries.counts.checked,
    unsealed,
    pruned: entries.counts.pruned,
    prunings: await readPrunings(db),
    findings,
  };
}

/** Goes through seals and their entries together. */
async function verifySeals(
  db: LedgerReader,
  entries: EntryCheck,
  { heads, onFinding, onProgress }: VerifyOptions,
): Promise<ChainHead | null> {
  const chain = createChainCheck(heads, onFinding);
  const end = await chainHead(db);
  let last: SealRow | null = null;
  for await (const seals of pagesOfSeals(db)) {
    for (const seal of seals) chain.checkSeal(seal);
    for (const group of groupsOf(seals.filter(isNumbered))) {
      const to = group[group.length - 1];
      if (to === undefined) continue;
      const rows = await sealedRows(db, last?.seal ?? 0n, to.seal);
      const bySeal = Map.groupBy(rows, (row) => row.seal);
      for (const seal of group) await entries.checkSeal(seal, bySeal.get(seal.seal) ?? []);
      await entries.checkContents(rows);
      last = to;
      onProgress(Math.min(1, Number(to.seal) / (end?.seal ?? 1)));
      // SQLite answers on this thread, so others get their turn here.
      await setImmediate();
    }
  }
  chain.finish();
  return last === null ? null : headOf(last);
}

/** Until there are no more, including those made meanwhile. */
async function* pagesOfSeals(db: LedgerReader): AsyncGenerator<readonly SealRow[], void> {
  let last: SealRow | undefined;
  for (;;) {
    const all = db.selectFrom('seals').selectAll();
    const rest = last === undefined ? all : all.where('seal', '>', last.seal);
    const page: readonly SealRow[] = await rest.orderBy('seal').limit(SEALS_AT_ONCE).execute();
    if (page.length > 0) yield page;
    last = page.findLast(isNumbered);
    if (page.length < SEALS_AT_ONCE || last === undefined) return;
  }
}

/** Only SQLite could hold other types, and those are findings. */
function isNumbered({ seal }: SealRow): boolean {
  return typeof seal === 'bigint';
}

/** Small seals together, with up to `ENTRIES_AT_ONCE` entries. */
function* groupsOf(seals: readonly SealRow[]): Generator<readonly SealRow[], void> {
  let group: SealRow[] = [];
  let entries = 0;
  for (const seal of seals) {
    if (group.length > 0 && entries + Number(seal.entries) > ENTRIES_AT_ONCE) {
      yield group;
      group = [];
      entries = 0;
    }
    group.push(seal);
    entries += Number(seal.entries);
  }
  if (group.length > 0) yield group;
}

async function sealedRows(db: LedgerReader, after: bigint, to: bigint): Promise<readonly JournalRow[]> {
  return db.selectFrom('journal').selectAll().where('seal', '>', after).where('seal', '<=', to).execute();
}

/** Journal rows of seals before the first and after the last one, as many as can be reported. */
async function verifyBeyond(
  db: LedgerReader,
  head: ChainHead | null,
  onFinding: (finding: BooksFinding) => void,
): Promise<void> {
  const all = db.selectFrom('journal').selectAll().limit(ENTRIES_AT_ONCE);
  const before = await all.where('seal', '<', 1n).execute();
  const after = await all.where('seal', '>', BigInt(head?.seal ?? 0)).execute();
  // More may have been sealed since the last seal was read.
  const end = BigInt((await chainHead(db))?.seal ?? 0);
  for (const { kind, id, seal } of [...before, ...after]) {
    if (typeof seal === 'bigint' && seal >= 1n && seal <= end) continue;
    onFinding({ finding: 'entry of no seal', kind: String(kind), id: String(id) });
  }
}

/** Entries that wait to be sealed have their content compared as well. */
async function verifyUnsealed(
  db: LedgerReader,
  head: ChainHead | null,
  entries: EntryCheck,
  { nowMs, onFinding }: VerifyOptions,
): Promise<number> {
  let count = 0;
  let oldestMs = nowMs;
  for await (const rows of pagesOfUnsealed(db)) {
    await entries.checkContents(rows);
    count += rows.length;
    for (const { at_ms } of rows) oldestMs = Math.min(oldestMs, Number(at_ms));
  }
  // An entry's instant may be long ago; it was entered after the last seal at the earliest.
  const sinceMs = Math.max(oldestMs, head?.atMs ?? 0);
  if (count > 0 && nowMs - sinceMs > UNSEALED_FOR_MS) {
    onFinding({ finding: 'left unsealed', entries: count, sinceMs });
  }
  return count;
}

async function* pagesOfUnsealed(db: LedgerReader): AsyncGenerator<readonly JournalRow[], void> {
  let last: JournalRow | undefined;
  for (;;) {
    const all = db.selectFrom('journal').selectAll().where('seal', 'is', null);
    const rest = last === undefined ? all : all.where(isAfter(last));
    const page: readonly JournalRow[] = await rest
      .orderBy('kind')
      .orderBy('id')
      .limit(ENTRIES_AT_ONCE)
      .execute();
    if (page.length > 0) yield page;
    last = page.findLast(({ kind, id }) => typeof kind === 'string' && typeof id === 'string');
    if (page.length < ENTRIES_AT_ONCE || last === undefined) return;
  }
}

function isAfter({ kind, id }: JournalRow) {
  return sql<boolean>`(kind, id) > (${kind}, ${id})`;
}

async function readPrunings(db: LedgerReader): Promise<readonly Pruning[]> {
  const rows = await db.selectFrom('prunings').selectAll().orderBy('at_ms').orderBy('id').execute();
  return rows.map((row) => ({
    atMs: Number(row.at_ms),
    beforeMs: Number(row.before_ms),
    decisions: Number(row.decisions),
    settlements: Number(row.settlements),
  }));
}
