import { expect, test } from 'vitest';
import { searchDecisions } from '../../../src/records/decisions/search-decisions.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision } from '../builders.ts';

const at = Date.UTC(2026, 10, 24, 12);
const { caller } = decision();

/** Decisions 9 to 0, each a millisecond after the next; the oldest two are Ana's. */
async function filledLedger() {
  const ledger = await freshLedger();
  const decisions = Array.from({ length: 10 }, (_none, i) =>
    decision({ id: `id-${i}`, atMs: at + i, caller: { ...caller, person: i < 2 ? 'ana' : 'bia' } }),
  );
  await ledger.write((db) => enterDecisions(db, decisions));
  return ledger;
}

test('a search that has time finds a match however old it is', async () => {
  const ledger = await filledLedger();

  const { decisions, searchedTo } = await searchDecisions(
    ledger.read,
    { limit: 5, person: 'ana' },
    { rows: 3, forMs: 60_000 },
  );

  expect(decisions.map(({ id }) => id)).toEqual(['id-1', 'id-0']);
  expect(searchedTo).toBeNull();
});

test('a search without time for more looks at one stretch, and goes on from where it stopped', async () => {
  const ledger = await filledLedger();
  const noTime = { rows: 5, forMs: 0 };

  const first = await searchDecisions(ledger.read, { limit: 5, person: 'ana' }, noTime);
  const after = first.searchedTo ?? undefined;
  expect(first).toEqual({ decisions: [], searchedTo: { atMs: at + 4, id: expect.any(String) } });
  if (after === undefined) return;
  const second = await searchDecisions(ledger.read, { limit: 5, person: 'ana', after }, noTime);

  expect(second.decisions.map(({ id }) => id)).toEqual(['id-1', 'id-0']);
});

test('a search ends with the last match that was asked for, and goes on after it without a gap', async () => {
  const ledger = await filledLedger();
  const noTime = { rows: 5, forMs: 0 };

  const { decisions, searchedTo } = await searchDecisions(ledger.read, { limit: 3 }, noTime);

  expect(decisions.map(({ id }) => id)).toEqual(['id-9', 'id-8', 'id-7']);
  expect(searchedTo).toBeNull();
});

test('a search goes past an instant with more decisions than one statement looks at', async () => {
  const ledger = await freshLedger();
  const older = decision({ id: 'older', atMs: at, caller: { ...caller, person: 'ana' } });
  const alike = Array.from({ length: 9 }, (_none, i) => decision({ id: `id-${i}`, atMs: at + 1 }));
  await ledger.write((db) => enterDecisions(db, [older, ...alike]));

  const atOnce = await searchDecisions(ledger.read, { limit: 5, person: 'ana' }, { rows: 3, forMs: 2_000 });
  let inSteps = await searchDecisions(ledger.read, { limit: 5, person: 'ana' }, { rows: 3, forMs: 0 });
  for (let i = 0; i < 3 && inSteps.searchedTo !== null; i += 1) {
    const after = inSteps.searchedTo;
    inSteps = await searchDecisions(ledger.read, { limit: 5, person: 'ana', after }, { rows: 3, forMs: 0 });
  }

  expect(atOnce.decisions.map(({ id }) => id)).toEqual(['older']);
  expect(inSteps.decisions.map(({ id }) => id)).toEqual(['older']);
});
