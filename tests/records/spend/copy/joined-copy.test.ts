import { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts';
import { settledKinds } from '../../../../src/records/spend/settled-kinds.ts';
import { spendBy } from '../../../../src/records/spend/spend-by.ts';
import { sqliteUrl } from '../../../ledger/ledgers.ts';
import { always } from '../spend.ts';

test('sums that join the copy to records read it in small slices: for many rows, PostgreSQL would read whole tables', async () => {
  const ledger = await ledgerWithCopies(12_000);
  const run = vi.spyOn(StatementSync.prototype, 'all');
  onTestFinished(() => run.mockRestore());

  const byTable = await spendBy(ledger.read, { ...always, by: ['table'] });
  await settledKinds(ledger.read, always, 'UTC');

  const joined = run.mock.contexts
    .map((statement) => (statement instanceof StatementSync ? statement.sourceSQL : ''))
    .filter((one) => /from "query_spend" (left|inner) join/.test(one));
  expect(byTable).toMatchObject([{ queries: 12_000 }]);
  expect(joined.filter((one) => one.includes('decision_tables'))).toHaveLength(3);
  expect(joined.filter((one) => one.includes('settlements'))).toHaveLength(3);
});

/** A ledger with copies of so many queries, each of another instant. */
async function ledgerWithCopies(count: number): Promise<Ledger> {
  const url = await sqliteUrl();
  const ledger = await openLedger(url);
  onTestFinished(() => ledger.close());
  const database = new DatabaseSync(url.slice('sqlite:'.length));
  database.exec(`insert into query_spend
    with recursive query(n) as (select 1 union all select n + 1 from query where n < ${count})
    select n, 'query ' || n, 'project', 'team', '', '', '', '', '', 'fingerprint', 0, 'USD', 1, 0, 1, 0 from query;
    insert into query_spend_cursors values ('spend', 1)`);
  database.close();
  return ledger;
}
