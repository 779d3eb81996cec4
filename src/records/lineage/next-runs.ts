import type { Selectable } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import { settlementKey } from '../journal/entries.ts';
import { nextSeals } from '../journal/next-seals.ts';
import { prunedBeforeMs } from '../pruning/prune-journal.ts';
import { decisionFrom, settlementFrom } from '../rows.ts';
import type { Position } from './cursor.ts';

/** Seals looked through at once: in quiet times each holds only an entry or two. */
const SEALS_AT_ONCE = 100;

/** Journal entries read at once, as far as seals are not split. */
const ENTRIES_AT_ONCE = 500;

type JournalRow = Pick<Selectable<LedgerSchema['journal']>, 'kind' | 'id' | 'at_ms' | 'seal'>;
type SettlementRow = Selectable<LedgerSchema['settlements']>;

/** What is known about the next settlement. */
export type NextRun = { readonly position: Position } & (
  | {
      readonly kind: 'settled';
      readonly decision: Decision;
      readonly settlement: Settlement;
      /** The settlements that it replaces, oldest first. */
      readonly earlier: readonly Settlement[];
    }
  /** Its record cannot be parsed. */
  | { readonly kind: 'unreadable'; readonly decisionId: string; readonly error: unknown }
  /** It was pruned before it was sent. */
  | { readonly kind: 'pruned'; readonly entries: number }
);

export interface NextRuns {
  readonly runs: readonly NextRun[];
  /** Where to continue once all of them are sent. */
  readonly end: Position;
}

/**
 * The settlements sealed from a position on, in the order of their seals, up to a maximum. A settlement sealed before
 * its decision comes with that decision: before then nobody knows whose it is.
 */
export async function nextRuns(db: LedgerReader, from: Position, limit: number): Promise<NextRuns> {
  const seals = await nextSeals(db, from.seal, { maxSeals: SEALS_AT_ONCE, maxEntries: ENTRIES_AT_ONCE });
  const last = seals.at(-1);
  if (last === undefined) return { runs: [], end: from };
  const journal = await db
    .selectFrom('journal')
    .select(['kind', 'id', 'at_ms', 'seal'])
    .where('seal', '>=', from.seal)
    .where('seal', '<=', last.seal)
    .execute();
  const due = [
    ...prunedSealsIn(seals, journal),
    ...settlementsIn(journal),
    ...(await lateSettlements(db, journal)),
  ]
    .toSorted(inOrder)
    .filter(({ seal, id, prunedEntries }) => seal > from.seal || id > from.afterId || prunedEntries !== null);
  const next = due.slice(0, limit);
  const lastTaken = due.length > limit ? next.at(-1) : undefined;
  const end = lastTaken === undefined ? { seal: last.seal + 1n, afterId: '' } : positionAfter(lastTaken);
  return { runs: await readRuns(db, next), end };
}

/** What to send, with the seal that makes it due. */
interface DueEntry {
  readonly seal: bigint;
  /** Of the settlement. */
  readonly id: string;
  readonly decisionAtMs: bigint;
  /** If everything in the seal is gone, how many entries it had; null if not. */
  readonly prunedEntries: number | null;
}

/** Seals whose entries were all pruned are no longer in the journal. */
function prunedSealsIn(
  seals: readonly { readonly seal: bigint; readonly entries: bigint }[],
  journal: readonly JournalRow[],
): readonly DueEntry[] {
  const sealsInJournal = new Set(journal.map(({ seal }) => seal));
  return seals
    .filter(({ seal }) => !sealsInJournal.has(seal))
    .map(({ seal, entries }) => ({ seal, id: '', decisionAtMs: 0n, prunedEntries: Number(entries) }));
}

function settlementsIn(journal: readonly JournalRow[]): readonly DueEntry[] {
  return journal
    .filter(({ kind }) => kind === 'settlement')
    .map(({ id, seal, at_ms }) => ({ id, seal: seal ?? 0n, decisionAtMs: at_ms, prunedEntries: null }));
}

/** Settlements whose decisions are sealed later than they are. */
async function lateSettlements(
  db: LedgerReader,
  journal: readonly JournalRow[],
): Promise<readonly DueEntry[]> {
  const decisions = new Map(journal.filter(({ kind }) => kind === 'decision').map((row) => [row.id, row]));
  if (decisions.size === 0) return [];
  const settlements = await db
    .selectFrom('settlements')
    .select(['decision_id', 'version'])
    .where('decision_id', 'in', [...decisions.keys()])
    .execute();
  const ids = settlements.map(({ decision_id, version }) => `${decision_id}/${version}`);
  if (ids.length === 0) return [];
  const sealed = await db
    .selectFrom('journal')
    .select(['id', 'seal'])
    .where('kind', '=', 'settlement')
    .where('id', 'in', ids)
    .where('seal', 'is not', null)
    .execute();
  return sealed.flatMap(({ id, seal }) => {
    const decision = decisions.get(settlementKey(id)[0]);
    if (decision === undefined || seal === null || decision.seal === null || seal >= decision.seal) return [];
    return [{ id, seal: decision.seal, decisionAtMs: decision.at_ms, prunedEntries: null }];
  });
}

function inOrder(a: DueEntry, b: DueEntry): number {
  if (a.seal !== b.seal) return a.seal < b.seal ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function positionAfter({ seal, id, prunedEntries }: DueEntry): Position {
  return prunedEntries === null ? { seal, afterId: id } : { seal: seal + 1n, afterId: '' };
}

async function readRuns(db: LedgerReader, next: readonly DueEntry[]): Promise<readonly NextRun[]> {
  const ids = [...new Set(next.filter(({ id }) => id !== '').map(({ id }) => settlementKey(id)[0]))];
  if (ids.length === 0) return next.flatMap((one) => prunedRun(one));
  const decisions = await db.selectFrom('decisions').selectAll().where('id', 'in', ids).execute();
  const settlements = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', ids)
    .orderBy('version')
    .execute();
  const isDecisionSealed = await sealedDecisions(db, ids);
  const prunedMs = await prunedBeforeMs(db);
  const decisionOf = new Map(decisions.map((row) => [row.id, row]));
  const settlementsOf = Map.groupBy(settlements, ({ decision_id }) => decision_id);
  return next.flatMap((due): readonly NextRun[] => {
    if (due.prunedEntries !== null) return prunedRun(due);
    const [decisionId, version] = settlementKey(due.id);
    const row = decisionOf.get(decisionId);
    const versions = settlementsOf.get(decisionId) ?? [];
    const index = versions.findIndex((one) => String(one.version) === version);
    if (row === undefined || index === -1) {
      return due.decisionAtMs < prunedMs
        ? [{ kind: 'pruned', entries: 1, position: positionAfter(due) }]
        : [];
    }
    // It comes with its decision, so that it comes only once.
    if (!isDecisionSealed(decisionId, due.seal)) return [];
    return [readRun(row, versions.slice(0, index + 1), positionAfter(due))];
  });
}

/** Makes a function that says whether a decision was sealed by a given seal. */
async function sealedDecisions(
  db: LedgerReader,
  ids: readonly string[],
): Promise<(id: string, seal: bigint) => boolean> {
  const rows = await db
    .selectFrom('journal')
    .select(['id', 'seal'])
    .where('kind', '=', 'decision')
    .where('id', 'in', ids)
    .execute();
  const sealOf = new Map(rows.map(({ id, seal }) => [id, seal]));
  return (id, seal) => {
    const sealed = sealOf.get(id);
    return sealed === undefined || (sealed !== null && sealed <= seal);
  };
}

function prunedRun(due: DueEntry): readonly NextRun[] {
  const { prunedEntries } = due;
  return prunedEntries === null
    ? []
    : [{ kind: 'pruned', entries: prunedEntries, position: positionAfter(due) }];
}

function readRun(
  row: Selectable<LedgerSchema['decisions']>,
  versions: readonly SettlementRow[],
  position: Position,
): NextRun {
  try {
    const earlier = versions.map(settlementFrom);
    const settlement = earlier.pop();
    if (settlement === undefined) throw new Error('unreachable: a settlement without itself');
    return { kind: 'settled', decision: decisionFrom(row), settlement, earlier, position };
  } catch (error) {
    return { kind: 'unreadable', decisionId: row.id, error, position };
  }
}
