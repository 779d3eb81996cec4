import { expect, test } from 'vitest';
import { findDecisions } from '../../../src/records/decisions/find-decisions.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { createRecords } from '../../../src/records/records.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision } from '../builders.ts';

const at = Date.UTC(2026, 10, 24, 12);

/** Three hundred decisions, twenty to a millisecond. */
async function filledLedger() {
  const ledger = await freshLedger();
  const decisions = Array.from({ length: 300 }, (_none, i) =>
    decision({ id: `id-${String(i).padStart(3, '0')}`, atMs: at + Math.floor(i / 20) }),
  );
  await ledger.write((db) => enterDecisions(db, decisions));
  return ledger;
}

test.each([1, 100, 110, 250, 1_000])(
  'a list of up to %i is the same as one that is read at once',
  async (limit) => {
    const ledger = await filledLedger();
    const filter = { limit, toMs: at + 14 };

    const listed = await createRecords({ ledger }).list(filter);

    expect(listed).toHaveLength(Math.min(limit, 280));
    expect(listed).toEqual(await findDecisions(ledger.read, filter));
  },
);

test('while a long list is read, others get their turn', async () => {
  const ledger = await filledLedger();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);

  await createRecords({ ledger }).list({ limit: 300 });
  clearInterval(timer);

  expect(turns).toBeGreaterThanOrEqual(2);
});
