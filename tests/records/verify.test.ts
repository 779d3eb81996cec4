import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { type ChainHead, nextSeal } from '../../src/records/chain.ts';
import type { Finding } from '../../src/records/findings.ts';
import { entryHash } from '../../src/records/journal.ts';
import { enterPruning } from '../../src/records/prune-journal.ts';
import { sealNow } from '../../src/records/seal.ts';
import { temporaryFolder } from '../budget/builders.ts';
import {
  decisionEntry,
  enter,
  grantEntry,
  insertEntry,
  reconciliationEntry,
  revocationEntry,
  settlementEntry,
  verified,
} from './journal-builders.ts';

interface Books {
  readonly ledger: Ledger;
  readonly head: ChainHead;
  /** Changes the file behind the guardrail's back, as one with access to it can: no constraint of keys holds. */
  tamper(sql: string): void;
  readonly raw: DatabaseSync;
}

/** Three seals over two entries of each kind, and one entry that waits to be sealed. */
async function sealedBooks(): Promise<Books> {
  const path = join(await temporaryFolder(), 'ledger.db');
  const ledger = await openLedger(`sqlite:${path}`);
  await enter(ledger, decisionEntry('d1'), settlementEntry('d1', { version: 0n }), settlementEntry('d1'));
  await sealNow(ledger);
  await enter(ledger, decisionEntry('d2'), settlementEntry('d2'), grantEntry('g1'), revocationEntry('g1'));
  await sealNow(ledger);
  await enter(
    ledger,
    grantEntry('g2'),
    revocationEntry('g2'),
    reconciliationEntry('r1'),
    reconciliationEntry('r2'),
  );
  await ledger.write((db) => enterPruning(db, { atMs: 9, beforeMs: 5, decisions: 0, settlements: 0 }));
  const head = await sealNow(ledger);
  if (head === null) throw new Error('Nothing was sealed.');
  await enter(ledger, decisionEntry('d3', Date.now()));
  const raw = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  onTestFinished(async () => {
    raw.close();
    await ledger.close();
  });
  return { ledger, head, raw, tamper: (sql) => raw.exec(sql) };
}

async function findingsAfter(...changes: readonly string[]): Promise<readonly Finding[]> {
  const { ledger, tamper } = await sealedBooks();
  for (const sql of changes) tamper(sql);
  return (await verified(ledger)).all;
}

function headsOf({ seal, hash }: ChainHead): ReadonlyMap<number, string> {
  return new Map([[seal, hash]]);
}

describe('books that no one tampered with', () => {
  test('are intact, with what is not sealed yet, and their head is in the chain', async () => {
    const { ledger, head } = await sealedBooks();

    const report = await verified(ledger, headsOf(head));

    expect(report).toMatchObject({ all: [], head, entries: 13, unsealed: 1, pruned: 0, findings: 0 });
  });

  test('stay intact while entries are made, sealed and pruned', async () => {
    const { ledger } = await sealedBooks();
    const writing = (async () => {
      for (let i = 0; i < 60; i += 1) {
        await enter(ledger, decisionEntry(`w${i}`, Date.now()), settlementEntry(`w${i}`));
        if (i % 3 === 0) await sealNow(ledger);
      }
    })();

    const reports = [await verified(ledger), await verified(ledger), await verified(ledger)];
    await writing;

    expect(reports.flatMap(({ all }) => all)).toEqual([]);
  });

  test('are told from those whose sealing has stopped', async () => {
    const { ledger } = await sealedBooks();

    const soon = await verified(ledger, new Map(), Date.now() + 60_000);
    const later = await verified(ledger, new Map(), Date.now() + 3_600_000);

    expect(soon.all).toEqual([]);
    expect(later.all).toMatchObject([{ finding: 'left unsealed', entries: 1 }]);
  });

  test('that are empty have nothing to find', async () => {
    const ledger = await openLedger('sqlite::memory:');
    onTestFinished(() => ledger.close());

    expect(await verified(ledger)).toMatchObject({ all: [], head: null, entries: 0, prunings: [] });
  });
});

/** Writes into a cell as it is told, and returns what undoes that; null where the cell holds just that afterwards. */
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
    ['reconciliations', 'reconciliation', 'r1', 'id'],
  ] as const;

  test.each(entries)(
    'of %s is found, whichever it is, and its entry named',
    async (table, kind, id, keys) => {
      const { ledger, raw } = await sealedBooks();
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

  test('of any table is found, whatever is written into it', { timeout: 60_000 }, async () => {
    const { ledger, raw } = await sealedBooks();
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

/** Null where a constraint of the column itself forbids it. */
function tryTo<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.message.includes('constraint failed')) return null;
    throw error;
  }
}

describe('what was removed or added', () => {
  test.each([
    ['decision', 'd1', "delete from decisions where id = 'd1'"],
    ['settlement', 'd1/0', 'delete from settlements where version = 0'],
    ['grant', 'g2', "delete from grants where id = 'g2'"],
    ['grant revocation', 'g1', "delete from grant_revocations where grant_id = 'g1'"],
    ['reconciliation', 'r2', "delete from reconciliations where id = 'r2'"],
    ['decision', 'd3', "delete from decisions where id = 'd3'"],
  ])('a %s that is gone is named: %s', async (kind, id, sql) => {
    expect(await findingsAfter(sql)).toContainEqual({ finding: 'entry missing', kind, id });
  });

  test('a table that is taken from a decision, or given to one, alters it', async () => {
    const altered = { finding: 'entry altered', kind: 'decision', id: 'd1' };

    expect(
      await findingsAfter(
        "delete from decision_tables where decision_id = 'd1' and table_name like '%tickets'",
      ),
    ).toEqual([altered]);
    expect(await findingsAfter("insert into decision_tables values ('d1', 'p.d.agents')")).toEqual([altered]);
    expect(await findingsAfter("insert into decision_tables values ('d9', 'p.d.agents')")).toEqual([
      { finding: 'table of no decision', kind: 'decision', id: 'd9' },
    ]);
  });

  test('an entry that is gone with its journal row leaves its seal short', async () => {
    const findings = await findingsAfter(
      "delete from grants where id = 'g1'",
      "delete from journal where kind = 'grant' and id = 'g1'",
    );

    expect(findings).toEqual([{ finding: 'sealed entries missing', seal: '2', sealed: '4', found: 3 }]);
  });

  test('an entry that the guardrail did not make is named, also among hundreds of its own', async () => {
    const { ledger } = await sealedBooks();
    await enter(ledger, ...Array.from({ length: 2_100 }, (_, i) => settlementEntry(`s${i}`)));
    await ledger.write((db) => insertEntry(db, settlementEntry('s777', { version: 2n })));

    expect((await verified(ledger)).all).toEqual([
      { finding: 'entry not in the journal', kind: 'settlement', id: 's777/2' },
    ]);
  });

  test('seals that are gone are named, and the next are not held to be altered', async () => {
    expect(await findingsAfter('delete from seals where seal = 2')).toEqual([
      { finding: 'seals missing', from: '2', to: '2' },
    ]);
    expect(await findingsAfter('delete from seals where seal < 3')).toEqual([
      { finding: 'seals missing', from: '1', to: '2' },
    ]);
  });

  test('seals that are cut off leave entries that name them', async () => {
    const findings = await findingsAfter('delete from seals where seal = 3');

    expect(findings).toHaveLength(5);
    expect(findings).toContainEqual({ finding: 'entry of no seal', kind: 'grant', id: 'g2' });
  });

  test('seals that change places are both altered', async () => {
    const findings = await findingsAfter(
      'update seals set seal = 9 where seal = 1',
      'update seals set seal = 1 where seal = 2',
      'update seals set seal = 2 where seal = 9',
    );

    expect(findings).toContainEqual({ finding: 'seal altered', seal: '1' });
    expect(findings).toContainEqual({ finding: 'seal altered', seal: '2' });
  });

  test('of a seal that was altered, only that one is told of', async () => {
    expect(await findingsAfter('update seals set at_ms = at_ms - 1 where seal = 1')).toEqual([
      { finding: 'seal altered', seal: '1' },
    ]);
    expect(await findingsAfter("update seals set hash = 'forged' where seal = 1")).toEqual([
      { finding: 'seal altered', seal: '1' },
    ]);
  });
});

describe('a careful forger', () => {
  const forged = settlementEntry('d1');
  const smaller = { ...forged, row: { ...forged.row, cost_micros: 1n } };

  /** Makes the settlement cheaper, and its digest fit. */
  function forgeEntry({ tamper }: Books): void {
    tamper("update settlements set cost_micros = 1 where decision_id = 'd1' and version = 1");
    tamper(`update journal set hash = '${entryHash(smaller)}' where id = 'd1/1'`);
  }

  /** Seals everything anew, as the guardrail itself would. */
  async function sealAgain({ ledger, tamper }: Books): Promise<void> {
    tamper('delete from seals');
    tamper('update journal set seal = null');
    await sealNow(ledger);
  }

  test('who rewrites the digest too is found by the seal', async () => {
    const books = await sealedBooks();
    forgeEntry(books);

    expect((await verified(books.ledger)).all).toEqual([{ finding: 'sealed entries altered', seal: '1' }]);
  });

  test('who rewrites the seal too is found by the next', async () => {
    const books = await sealedBooks();
    forgeEntry(books);
    const rows = await books.ledger.read.selectFrom('journal').selectAll().where('seal', '=', 1n).execute();
    const first = await books.ledger.read
      .selectFrom('seals')
      .selectAll()
      .where('seal', '=', 1n)
      .executeTakeFirst();
    const seal = nextSeal(null, rows, Number(first?.at_ms));
    books.tamper(
      `update seals set entries_hash = '${seal.entries_hash}', hash = '${seal.hash}' where seal = 1`,
    );

    expect((await verified(books.ledger)).all).toEqual([{ finding: 'seal altered', seal: '2' }]);
  });

  test('who seals everything anew is found by a head that was kept elsewhere, and by that alone', async () => {
    const books = await sealedBooks();
    forgeEntry(books);
    await sealAgain(books);

    expect((await verified(books.ledger)).all).toEqual([]);
    expect((await verified(books.ledger, headsOf(books.head))).all).toMatchObject([
      { finding: 'head not in the chain', seal: books.head.seal, expected: books.head.hash },
    ]);
  });

  test('who cuts the end off, entries and all, is found by a head that was kept elsewhere, and by that alone', async () => {
    const books = await sealedBooks();
    for (const kind of ['grants', 'grant_revocations']) {
      const key = kind === 'grants' ? 'id' : 'grant_id';
      books.tamper(`delete from ${kind} where ${key} = 'g2'`);
    }
    for (const table of ['reconciliations', 'prunings', 'decisions']) {
      books.tamper(`delete from ${table} ${table === 'decisions' ? "where id = 'd3'" : ''}`);
    }
    books.tamper("delete from decision_tables where decision_id = 'd3'");
    books.tamper('delete from journal where seal = 3 or seal is null');
    books.tamper('delete from seals where seal = 3');

    expect((await verified(books.ledger)).all).toEqual([]);
    expect((await verified(books.ledger, headsOf(books.head))).all).toEqual([
      { finding: 'head not in the chain', seal: 3, expected: books.head.hash, found: null },
    ]);
  });
});
