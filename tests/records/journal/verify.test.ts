import { describe, expect, test } from 'vitest';
import { type ChainHead, nextSeal } from '../../../src/records/journal/chain.ts';
import type { BooksFinding } from '../../../src/records/journal/findings.ts';
import { entryHash } from '../../../src/records/journal/journal.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { insertEntry } from './insert-entry.ts';
import { decisionEntry, enter, settlementEntry, verified } from './journal-builders.ts';
import { type SealedBooks, sealedBooks, tamper } from './sealed-books.ts';

async function findingsAfter(...changes: readonly string[]): Promise<readonly BooksFinding[]> {
  const books = await sealedBooks();
  await tamper(books, ...changes);
  return (await verified(books.ledger)).all;
}

function headsOf({ seal, hash }: ChainHead): ReadonlyMap<number, string> {
  return new Map([[seal, hash]]);
}

describe('books that nobody tampered with', () => {
  test('are intact, count unsealed entries, and have their head in the chain', async () => {
    const { ledger, head } = await sealedBooks();

    const report = await verified(ledger, headsOf(head));

    expect(report).toMatchObject({ all: [], head, entries: 15, unsealed: 1, pruned: 0, findings: 0 });
  });

  test('stay intact while entries are written, sealed and pruned', async () => {
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

  test('are reported when sealing has stopped', async () => {
    const { ledger } = await sealedBooks();

    const soon = await verified(ledger, new Map(), Date.now() + 60_000);
    const later = await verified(ledger, new Map(), Date.now() + 3_600_000);

    expect(soon.all).toEqual([]);
    expect(later.all).toMatchObject([{ finding: 'left unsealed', entries: 1 }]);
  });

  test('have no findings when they are empty', async () => {
    expect(await verified(await freshLedger())).toMatchObject({
      all: [],
      head: null,
      entries: 0,
      prunings: [],
    });
  });
});

describe('removed or added entries', () => {
  test.each([
    ['decision', 'd1', "delete from decisions where id = 'd1'"],
    ['settlement', 'd1/0', 'delete from settlements where version = 0'],
    ['grant', 'g2', "delete from grants where id = 'g2'"],
    ['grant revocation', 'g1', "delete from grant_revocations where grant_id = 'g1'"],
    ['reconciliation', 'r2', "delete from reconciliations where id = 'r2'"],
    ['decision', 'd3', "delete from decisions where id = 'd3'"],
  ])('are found: a deleted %s is named: %s', async (kind, id, sql) => {
    expect(await findingsAfter(sql)).toContainEqual({ finding: 'entry missing', kind, id });
  });

  test('are found: a table removed from or added to a decision alters that decision', async () => {
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

  test('are found: an entry deleted with its journal row leaves its seal one short', async () => {
    const findings = await findingsAfter(
      "delete from grants where id = 'g1'",
      "delete from journal where kind = 'grant' and id = 'g1'",
    );

    expect(findings).toEqual([{ finding: 'sealed entries missing', seal: '2', sealed: '4', found: 3 }]);
  });

  test('are found: an entry that guardrail did not write is named among hundreds of others', async () => {
    const { ledger } = await sealedBooks();
    await enter(ledger, ...Array.from({ length: 2_100 }, (_, i) => settlementEntry(`s${i}`)));
    await ledger.write((db) => insertEntry(db, settlementEntry('s777', { version: 2n })));

    expect((await verified(ledger)).all).toEqual([
      { finding: 'entry not in the journal', kind: 'settlement', id: 's777/2' },
    ]);
  });

  test('are found: deleted seals are named, and the seals after them do not count as altered', async () => {
    expect(await findingsAfter('delete from seals where seal = 2')).toEqual([
      { finding: 'seals missing', from: '2', to: '2' },
    ]);
    expect(await findingsAfter('delete from seals where seal < 3')).toEqual([
      { finding: 'seals missing', from: '1', to: '2' },
    ]);
  });

  test('are found: a seal before the first or after the last does not belong to the chain', async () => {
    const columns = "0, 0, 'x', null, 'y')";

    expect(await findingsAfter(`insert into seals values (0, ${columns}`)).toEqual([
      { finding: 'seal altered', seal: '0' },
      { finding: 'sealed entries altered', seal: '0' },
    ]);
    expect(await findingsAfter(`insert into seals values (4, ${columns}`)).toEqual([
      { finding: 'seal altered', seal: '4' },
      { finding: 'sealed entries altered', seal: '4' },
    ]);
  });

  test('are found: cutting off the last seals leaves entries that name them', async () => {
    const findings = await findingsAfter('delete from seals where seal = 3');

    expect(findings).toHaveLength(7);
    expect(findings).toContainEqual({ finding: 'entry of no seal', kind: 'grant', id: 'g2' });
  });

  test('are found: two seals that swap places both count as altered', async () => {
    const findings = await findingsAfter(
      'update seals set seal = 9 where seal = 1',
      'update seals set seal = 1 where seal = 2',
      'update seals set seal = 2 where seal = 9',
    );

    expect(findings).toContainEqual({ finding: 'seal altered', seal: '1' });
    expect(findings).toContainEqual({ finding: 'seal altered', seal: '2' });
  });

  test('are found: of an altered seal only the seal itself is reported', async () => {
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

  /** Makes the settlement cheaper, and adjusts its digest. */
  function forgeEntry(books: SealedBooks): Promise<void> {
    return tamper(
      books,
      "update settlements set cost_micros = 1 where decision_id = 'd1' and version = 1",
      `update journal set hash = '${entryHash(smaller)}' where id = 'd1/1'`,
    );
  }

  /** Seals everything again, as guardrail itself would. */
  async function sealAgain(books: SealedBooks): Promise<void> {
    await tamper(books, 'delete from seals', 'update journal set seal = null');
    await sealNow(books.ledger);
  }

  test('who rewrites the digest too is caught by the seal', async () => {
    const books = await sealedBooks();
    await forgeEntry(books);

    expect((await verified(books.ledger)).all).toEqual([{ finding: 'sealed entries altered', seal: '1' }]);
  });

  test('who rewrites the seal too is caught by the next seal', async () => {
    const books = await sealedBooks();
    await forgeEntry(books);
    const rows = await books.ledger.read.selectFrom('journal').selectAll().where('seal', '=', 1n).execute();
    const first = await books.ledger.read
      .selectFrom('seals')
      .selectAll()
      .where('seal', '=', 1n)
      .executeTakeFirst();
    const seal = nextSeal(null, rows, Number(first?.at_ms));
    await tamper(
      books,
      `update seals set entries_hash = '${seal.entries_hash}', hash = '${seal.hash}' where seal = 1`,
    );

    expect((await verified(books.ledger)).all).toEqual([{ finding: 'seal altered', seal: '2' }]);
  });

  test('who seals everything again is caught by a head kept elsewhere, and only by that', async () => {
    const books = await sealedBooks();
    await forgeEntry(books);
    await sealAgain(books);

    expect((await verified(books.ledger)).all).toEqual([]);
    expect((await verified(books.ledger, headsOf(books.head))).all).toMatchObject([
      { finding: 'head not in the chain', seal: books.head.seal, expected: books.head.hash },
    ]);
  });

  test('who cuts off the end with its entries is caught by a head kept elsewhere, and only by that', async () => {
    const books = await sealedBooks();
    await tamper(
      books,
      "delete from grants where id = 'g2'",
      "delete from grant_revocations where grant_id = 'g2'",
      'delete from grant_answers',
      'delete from grant_requests',
      'delete from reconciliations',
      'delete from prunings',
      "delete from decisions where id = 'd3'",
      "delete from decision_tables where decision_id = 'd3'",
      'delete from journal where seal = 3 or seal is null',
      'delete from seals where seal = 3',
    );

    expect((await verified(books.ledger)).all).toEqual([]);
    expect((await verified(books.ledger, headsOf(books.head))).all).toEqual([
      { finding: 'head not in the chain', seal: 3, expected: books.head.hash, found: null },
    ]);
  });
});
