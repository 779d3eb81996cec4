import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { sqliteUrl } from '../../ledger/ledgers.ts';
import { verified } from './journal-builders.ts';
import { sealedBooks } from './sealed-books.ts';

/** Books in SQLite, which accepts any value in any column, and the database file itself. */
async function openedBooks(): Promise<{ readonly ledger: Ledger; readonly raw: DatabaseSync }> {
  const url = await sqliteUrl();
  const { ledger } = await sealedBooks(url);
  const raw = new DatabaseSync(url.slice('sqlite:'.length), { enableForeignKeyConstraints: false });
  onTestFinished(() => raw.close());
  return { ledger, raw };
}

/** Writes an expression into a cell and returns its undo, or null when that leaves the cell unchanged. */
function alter(raw: DatabaseSync, { table, rowid, column }: Cell, sql: string): (() => void) | null {
  const read = raw.prepare(
    `select ${column} as value, typeof(${column}) as type from ${table} where rowid = ?`,
  );
  read.setReadBigInts(true);
  const before = read.get(rowid);
  raw.prepare(`update ${table} set ${column} = ${sql} where rowid = ?`).run(rowid);
  const after = read.get(rowid);
  if (isDeepStrictEqual(before, after)) return null;
  const value = before?.['value'] ?? null;
  return () => raw.prepare(`update ${table} set ${column} = ? where rowid = ?`).run(value, rowid);
}

interface Cell {
  readonly table: string;
  readonly rowid: bigint;
  readonly column: string;
}

function columnsOf(raw: DatabaseSync, table: string): readonly string[] {
  return raw
    .prepare(`pragma table_info(${table})`)
    .all()
    .map(({ name }) => String(name));
}

describe('an altered column', () => {
  const entries = [
    ['decisions', 'decision', 'd1', 'id'],
    ['decision_tables', 'decision', 'd1', ''],
    ['settlements', 'settlement', 'd1/0', 'decision_id version'],
    ['grants', 'grant', 'g1', 'id'],
    ['grant_revocations', 'grant revocation', 'g1', 'grant_id'],
    ['grant_requests', 'grant request', 'q1', 'id'],
    ['grant_answers', 'grant answer', 'q1', 'request_id'],
    ['reconciliations', 'reconciliation', 'r1', 'id'],
  ] as const;

  test.each(entries)(
    'of %s is detected, whichever column it is, and its entry is named',
    async (table, kind, id, keys) => {
      const { ledger, raw } = await openedBooks();
      const columns = columnsOf(raw, table);
      expect(columns.length).toBeGreaterThan(1);

      for (const column of columns) {
        const undo = alter(raw, { table, rowid: 1n, column }, `coalesce(${column}, 0) || '7'`);
        const { all } = await verified(ledger);
        undo?.();

        const finding = keys.split(' ').includes(column) ? 'entry missing' : 'entry altered';
        expect(all, column).toContainEqual({ finding, kind, id });
      }
      expect((await verified(ledger)).all).toEqual([]);
    },
  );

  test('of any table is detected, whatever is written into it', { timeout: 60_000 }, async () => {
    const { ledger, raw } = await openedBooks();
    const tables = [...entries.map(([table]) => table), 'prunings', 'journal', 'seals'];
    const cells: Cell[] = tables.flatMap((table) => {
      const select = raw.prepare(`select rowid from ${table}`);
      select.setReadBigInts(true);
      const rowids = select.all().map(({ rowid }) => BigInt(String(rowid)));
      return columnsOf(raw, table).flatMap((column) => rowids.map((rowid) => ({ table, rowid, column })));
    });
    const values = ['null', "''", "'x'", '0', '1', '2', '-1', '4', '0.5', '1e300', "x'31'", "x''"];
    const changed = (column: string) => [
      `${column} + 1`,
      `${column} || ' '`,
      `upper(${column})`,
      `cast(${column} as blob)`,
      `substr(${column}, 2)`,
    ];

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cells), fc.nat(), async (cell, choice) => {
        const all = [...values, ...changed(cell.column)];
        const undo = tryTo(() => alter(raw, cell, all[choice % all.length] ?? 'null'));
        fc.pre(undo !== null);
        const { all: findings } = await verified(ledger);
        undo();
        expect(findings).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect((await verified(ledger)).all).toEqual([]);
  });
});

/** The result of the work, or null when a constraint of the column forbids it. */
function tryTo<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.message.includes('constraint failed')) return null;
    throw error;
  }
}
