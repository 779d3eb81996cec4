import type { Ledger } from '../../../src/ledger/ledger.ts';
import { wronglyCopied } from '../../../src/records/spend/copy/verify-copy.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import { QUERY_SPEND_COLUMNS, spendOfEach } from '../../../src/records/spend/spend-of-queries.ts';
import type { SpendQuery } from '../../../src/records/spend/spend-query.ts';

export const always = { fromMs: 0, toMs: Date.UTC(2030, 0) };
export const unshared = { sharedQueries: 0, sharedBytesBilled: 0n, sharedCostMicros: 0n };
export const saoPaulo = 'America/Sao_Paulo';

export async function keysAndBytes(ledger: Ledger, query: Partial<SpendQuery> & Pick<SpendQuery, 'by'>) {
  const rows = await spendBy(ledger.read, { ...always, ...query });
  return rows.map(({ keys, bytesBilled }) => [...keys, bytesBilled]);
}

/** The queries whose copy is not what their records say. */
export async function wronglyCopiedIn(ledger: Ledger): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const id of wronglyCopied(ledger.read)) ids.push(id);
  return ids;
}

/** Copies everything that is in the records, which are in no journal. */
export async function copyAtOnce(ledger: Ledger): Promise<void> {
  const settled = await ledger.read.selectFrom('settlements').select('decision_id').distinct().execute();
  const ids = settled.map(({ decision_id }) => decision_id);
  await ledger.write(async (db) => {
    await db.deleteFrom('query_spend').execute();
    await db.deleteFrom('query_spend_cursors').execute();
    await db.insertInto('query_spend_cursors').values({ copy: 'spend', seal: 1n }).execute();
    if (ids.length === 0) return;
    const spend = spendOfEach(db, ids);
    await db.insertInto('query_spend').columns(QUERY_SPEND_COLUMNS).expression(spend).execute();
  });
}
