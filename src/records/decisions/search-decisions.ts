import { setImmediate } from 'node:timers/promises';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { DecisionRecord } from './decision-record.ts';
import { type DecisionFilter, type DecisionPosition, findDecisions } from './find-decisions.ts';

/** What a search found, and how far back it looked. */
export interface DecisionSearch {
  readonly decisions: readonly DecisionRecord[];
  /** Where to go on; null if it found as many as were asked for, or looked at everything. */
  readonly searchedTo: DecisionPosition | null;
}

/** How long a search may take. */
export interface SearchLimits {
  /** Decisions that one statement looks at; others get their turn between statements. */
  readonly rows: number;
  readonly forMs: number;
}

/** Somebody waits for the page, and others for the process that searches. */
const LIMITS: SearchLimits = { rows: 10_000, forMs: 2_000 };

/**
 * Matching decisions, newest first. Most filters have no index, and a ledger of a year takes minutes to read, so a
 * search that finds too little stops after some seconds and says how far it got.
 * @throws LedgerError
 */
export async function searchDecisions(
  db: LedgerReader,
  filter: Omit<DecisionFilter, 'fromMs' | 'toMs'>,
  { rows, forMs }: SearchLimits = LIMITS,
): Promise<DecisionSearch> {
  const startedAt = performance.now();
  const { limit, ...rest } = filter;
  const decisions: DecisionRecord[] = [];
  let position = after(filter.after);
  for (;;) {
    const fromMs = await instantBefore(db, position.after, rows);
    const stretch = fromMs === null ? {} : { fromMs };
    const wanted = limit - decisions.length;
    decisions.push(...(await findDecisions(db, { ...rest, ...position, ...stretch, limit: wanted })));
    if (fromMs === null || decisions.length >= limit) return { decisions, searchedTo: null };
    const reached = { atMs: fromMs, id: BEFORE_ANY_ID };
    if (performance.now() - startedAt >= forMs) return { decisions, searchedTo: reached };
    position = after(reached);
    await setImmediate();
  }
}

/** Sorts before every ID in any collation, so that nothing of its millisecond comes after it. */
const BEFORE_ANY_ID = '0';

function after(position: DecisionPosition | undefined): { readonly after?: DecisionPosition } {
  return position === undefined ? {} : { after: position };
}

/** The time of the decision that is this many before a position; null if there are fewer. */
async function instantBefore(
  db: LedgerReader,
  position: DecisionPosition | undefined,
  rows: number,
): Promise<number | null> {
  let all = db.selectFrom('decisions').select('at_ms').orderBy('at_ms', 'desc').limit(1).offset(rows);
  if (position !== undefined) {
    // However many decisions share an instant, a search that has looked at all of them goes past it.
    all = all.where('at_ms', position.id === BEFORE_ANY_ID ? '<' : '<=', BigInt(position.atMs));
  }
  const row = await all.executeTakeFirst();
  return row === undefined ? null : Number(row.at_ms);
}
