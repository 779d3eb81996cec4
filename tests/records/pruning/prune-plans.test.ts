import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { copyNextSpend } from '../../../src/records/spend/copy/copy-spend.ts';
import { sqliteUrl } from '../../ledger/ledgers.ts';
import { DAY_MS, decisionEntry, enter, FIRST_DAY_MS, settlementEntry } from '../journal/journal-builders.ts';

/** These grow with every query; what is open is few. */
const LARGE =
  /^SCAN (decisions|settlements|journal|reservations|reservation_parts|query_spend|decision_tables)(?! USING INDEX reservations_open)/;

test('on SQLite, whose thread guards queries, no statement that prunes or copies reads a whole table', async () => {
  const url = await sqliteUrl();
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  await enter(ledger, decisionEntry('a'), settlementEntry('a'), settlementEntry('unrecorded'));
  await sealNow(ledger);
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  onTestFinished(() => prepare.mockRestore());

  await copyNextSpend(ledger);
  await pruneRecords(ledger, { beforeMs: FIRST_DAY_MS + 2 * DAY_MS, nowMs: FIRST_DAY_MS + 9 * DAY_MS });

  const statements = prepare.mock.calls
    .map(([statement]) => statement)
    .filter((one) => /^(select|delete|update)/i.test(one));
  prepare.mockRestore();
  expect(statements.length).toBeGreaterThan(15);
  const database = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true });
  const scans = statements.filter((one) => {
    const plan = database.prepare(`explain query plan ${one}`);
    return plan
      .all(...Array.from({ length: one.split('?').length - 1 }, () => 1))
      .some(({ detail }) => LARGE.test(String(detail)));
  });
  database.close();
  expect(scans).toEqual([]);
});
