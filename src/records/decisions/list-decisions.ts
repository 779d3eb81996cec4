import { setImmediate } from 'node:timers/promises';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { DecisionRecord } from './decision-record.ts';
import { type DecisionFilter, findDecisions } from './find-decisions.ts';

/** Reading a decision takes a tenth of a millisecond: after this many, whoever else needs the thread gets a turn. */
const AT_ONCE = 100;

/** Matching decisions, newest first, read a hundred at a time. @throws LedgerError */
export async function listDecisions(
  db: LedgerReader,
  filter: DecisionFilter,
): Promise<readonly DecisionRecord[]> {
  const found: DecisionRecord[] = [];
  let position: Pick<DecisionFilter, 'after'> = {};
  for (;;) {
    const limit = Math.min(AT_ONCE, filter.limit - found.length);
    const page = await findDecisions(db, { ...filter, ...position, limit });
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit || found.length >= filter.limit) return found;
    position = { after: { atMs: last.atMs, id: last.id } };
    await setImmediate();
  }
}
