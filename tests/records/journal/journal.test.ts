import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  enterInJournal,
  entryHash,
  entryId,
  type JournalEntry,
} from '../../../src/records/journal/journal.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import {
  decisionEntry,
  enter,
  FIRST_DAY_MS,
  grantEntry,
  revocationEntry,
  settlementEntry,
} from './journal-builders.ts';

describe('the journal', () => {
  test('names entries by kind and ID, with the time used for pruning', async () => {
    const ledger = await freshLedger();

    await enter(
      ledger,
      decisionEntry('d'),
      settlementEntry('d', { version: 2n }),
      grantEntry('g'),
      revocationEntry('g'),
    );

    const rows = await ledger.read
      .selectFrom('journal')
      .select(['kind', 'id', 'at_ms', 'seal'])
      .orderBy('kind')
      .execute();
    expect(rows).toEqual([
      { kind: 'decision', id: 'd', at_ms: BigInt(FIRST_DAY_MS), seal: null },
      { kind: 'grant', id: 'g', at_ms: BigInt(FIRST_DAY_MS), seal: null },
      { kind: 'grant revocation', id: 'g', at_ms: BigInt(FIRST_DAY_MS + 1), seal: null },
      { kind: 'settlement', id: 'd/2', at_ms: BigInt(FIRST_DAY_MS), seal: null },
    ]);
  });

  test('keeps the first of two entries with one name, and takes more entries than fit in one statement', async () => {
    const ledger = await freshLedger();
    const grants = Array.from({ length: 2_500 }, (_, i) => grantEntry(`g${i}`));
    const first = grantEntry('g0');

    await ledger.write((db) => enterInJournal(db, grants));
    await ledger.write((db) => enterInJournal(db, [{ ...first, row: { ...first.row, amount: 6n } }]));
    await ledger.write((db) => enterInJournal(db, []));

    const hashes = await ledger.read.selectFrom('journal').select(['id', 'hash']).execute();
    expect(hashes).toHaveLength(2_500);
    expect(hashes.find(({ id }) => id === 'g0')?.hash).toBe(entryHash(first));
  });
});

describe('the digest of an entry', () => {
  test('has a fixed form, since a change would make all earlier entries look altered', () => {
    const form =
      '[1,"grant revocation",["bigint","5"],' +
      '[["at_ms","bigint","5"],["grant_id","text","g"],["revoked_by","text","ana"]],[]]';

    expect(
      entryHash({ kind: 'grant revocation', row: { grant_id: 'g', revoked_by: 'ana', at_ms: 5n } }),
    ).toBe(hash('sha256', form));
    expect(entryHash(decisionEntry('d'))).toBe(
      'c556da38ca63073ab0169539763793a9dcfa1353d566751d604d2b9d0545fa57',
    );
    expect(entryHash(settlementEntry('d'))).toBe(
      '6ee59a0a9b728842078d1a91347d580ce522cd722a35955867d3b7664cdc928b',
    );
  });

  test('ignores the order of columns and tables, null columns, and lone surrogates', () => {
    const entry = decisionEntry('d');
    const row = Object.fromEntries(Object.entries(entry.row).reverse());

    const same: JournalEntry = {
      ...entry,
      row: { ...entry.row, ...row, sql: `${entry.row.sql}\ud800` },
      tables: entry.tables.toReversed(),
    };
    const later: object = { a_column_of_later: null };
    const stored = { ...entry, row: { ...entry.row, ...later, sql: `${entry.row.sql}\ufffd` } };

    expect(entryHash(same)).toBe(entryHash(stored));
  });

  test('differs for any two different contents', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', 'null', '1', '","', '"],["', 'bigint'));
    const content = fc.record({
      sql: text,
      team: text,
      cause: fc.option(text),
      person: fc.option(text),
      maximum_bytes_billed: fc.option(fc.bigInt({ min: 0n, max: 3n })),
      estimated_cost_micros: fc.option(fc.bigInt({ min: 0n, max: 3n })),
      tables: fc.uniqueArray(text, { maxLength: 3 }),
    });
    const hashOf = ({ tables, ...columns }: { readonly tables: string[] }) =>
      entryHash({ kind: 'decision', row: { ...decisionEntry('d').row, ...columns }, tables });

    fc.assert(
      fc.property(content, content, (a, b) => {
        const same = JSON.stringify(plain(a)) === JSON.stringify(plain(b));
        expect(hashOf(a) === hashOf(b)).toBe(same);
      }),
    );
  });

  test('covers the kind and the version', () => {
    const ids = [1n, 2n].map((version) => entryId(settlementEntry('d', { version })));
    const hashes = [1n, 2n].map((version) => entryHash(settlementEntry('d', { version })));

    expect(ids).toEqual(['d/1', 'd/2']);
    expect(new Set(hashes).size).toBe(2);
  });
});

function plain(content: { readonly tables: readonly string[] }): unknown {
  return Object.entries({ ...content, tables: [...content.tables].sort() }).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
}
