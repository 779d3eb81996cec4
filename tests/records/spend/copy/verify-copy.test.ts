import { StatementSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts';
import type { QuerySpendTable } from '../../../../src/ledger/schema/spend.ts';
import type { JournalEntry } from '../../../../src/records/journal/journal.ts';
import { sealNow } from '../../../../src/records/journal/seal.ts';
import { copyNextSpend } from '../../../../src/records/spend/copy/copy-spend.ts';
import { freshLedger, sqliteUrl } from '../../../ledger/ledgers.ts';
import { settlementRow } from '../../journal/entries.ts';
import {
  decisionEntry,
  enter,
  FIRST_DAY_MS,
  settlementEntry,
  verified,
} from '../../journal/journal-builders.ts';
import { wronglyCopiedIn } from '../spend.ts';

async function copyAll(ledger: Ledger): Promise<void> {
  await sealNow(ledger);
  while (await copyNextSpend(ledger));
}

/** Books in which spend is copied from two queries. */
async function copiedBooks(): Promise<Ledger> {
  const ledger = await freshLedger();
  await enter(ledger, decisionEntry('a'), settlementEntry('a'), decisionEntry('b'), settlementEntry('b'));
  await copyAll(ledger);
  return ledger;
}

function corrected(id: string): JournalEntry {
  const row = settlementRow({ decision_id: id, version: 2n, bytes_billed: 7n });
  return { kind: 'settlement', row, decisionAtMs: BigInt(FIRST_DAY_MS) };
}

const change = (ledger: Ledger, cells: Partial<QuerySpendTable>) =>
  ledger.write((db) => db.updateTable('query_spend').set(cells).where('decision_id', '=', 'a').execute());

describe('the check of the copy of spend', () => {
  test('finds nothing in a copy that nobody changed, nor in what is not copied yet', async () => {
    const ledger = await copiedBooks();
    expect(await wronglyCopiedIn(ledger)).toEqual([]);

    await enter(ledger, corrected('a'));
    const unsealed = await wronglyCopiedIn(ledger);
    await sealNow(ledger);

    expect(unsealed).toEqual([]);
    expect(await wronglyCopiedIn(ledger)).toEqual([]);
  });

  test.each<Partial<QuerySpendTable>>([
    { at_ms: 1n },
    { project_id: 'other' },
    { team: 'other' },
    { principal: 'other' },
    { tool: 'other' },
    { person: 'other' },
    { dashboard: 'other' },
    { card: 'other' },
    { fingerprint: 'other' },
    { tables_read: 9n },
    { currency: 'XXX' },
    { bytes_billed: 9n },
    { free_bytes: 9n },
    { cost_micros: 9n },
    { slot_ms: 9n },
  ])('names a query whose copy was changed: %o', async (cells) => {
    const ledger = await copiedBooks();

    await change(ledger, cells);

    expect(await wronglyCopiedIn(ledger)).toContain('a');
  });

  test('names a query whose copy was removed', async () => {
    const ledger = await copiedBooks();

    await ledger.write((db) => db.deleteFrom('query_spend').where('decision_id', '=', 'a').execute());

    expect(await wronglyCopiedIn(ledger)).toEqual(['a']);
  });

  test('names a copy of no query, and a second copy of one', async () => {
    const ledger = await copiedBooks();
    const row = await ledger.read.selectFrom('query_spend').selectAll().executeTakeFirstOrThrow();

    await ledger.write((db) =>
      db
        .insertInto('query_spend')
        .values([
          { ...row, decision_id: 'c' },
          { ...row, at_ms: row.at_ms + 1n },
        ])
        .execute(),
    );

    expect((await wronglyCopiedIn(ledger)).toSorted()).toEqual([row.decision_id, 'c']);
  });

  test('finds nothing while queries are entered, sealed and copied', async () => {
    const ledger = await copiedBooks();
    const writing = (async () => {
      for (let i = 0; i < 40; i += 1) {
        await enter(ledger, decisionEntry(`w${i}`), settlementEntry(`w${i}`));
        if (i % 3 === 0) await copyAll(ledger);
        if (i % 4 === 0) await enter(ledger, corrected(`w${i}`));
      }
    })();

    const looks = [
      await wronglyCopiedIn(ledger),
      await wronglyCopiedIn(ledger),
      await wronglyCopiedIn(ledger),
      await wronglyCopiedIn(ledger),
    ];
    await writing;

    expect(looks.flat()).toEqual([]);
  });

  test('asks but once what a query came to: on PostgreSQL, that takes most of its time', async () => {
    const ledger = await openLedger(await sqliteUrl());
    onTestFinished(() => ledger.close());
    await enter(ledger, decisionEntry('a'), settlementEntry('a'), decisionEntry('b'), settlementEntry('b'));
    await copyAll(ledger);
    const run = vi.spyOn(StatementSync.prototype, 'all');
    onTestFinished(() => run.mockRestore());

    expect(await wronglyCopiedIn(ledger)).toEqual([]);

    const asked = run.mock.contexts.filter(
      (statement) => statement instanceof StatementSync && statement.sourceSQL.includes('as "tables_read"'),
    );
    expect(asked).toHaveLength(1);
  });

  test('is part of the verification of the records', async () => {
    const ledger = await copiedBooks();
    expect((await verified(ledger)).all).toEqual([]);

    await change(ledger, { bytes_billed: 9n });

    expect((await verified(ledger)).all).toEqual([{ finding: 'copy altered', id: 'a' }]);
  });
});
