import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runReconciliation } from '../../src/commands/reconcile/run.ts';
import type { Printed } from '../../src/reports/reconciliation/print/printed.ts';
import { balances, type FindingKind } from '../../src/reports/reconciliation/report.ts';
import { ATENDIMENTO, eventually, FINOPS, PROJECT, useHouse } from './guardrail.ts';

const AUDITOR = `auditor@${PROJECT}.iam.gserviceaccount.com`;
/** Longer than the lag after which reconciliation relies on the list of jobs. */
const LATER_MS = 20 * 60_000;

const house = useHouse();

function reconcile(
  changes: { readonly writeCorrections?: boolean; readonly currency?: string } = {},
): Promise<Printed> {
  const folder = house.policies();
  return runReconciliation(
    {
      endpoint: house.sandbox().url,
      token: `sandbox:${AUDITOR}`,
      to: () => Date.now() + LATER_MS,
      lag: 10,
      reason: 'found by the nightly run',
      by: 'ana',
      ...changes,
    },
    {
      environment: {
        GUARDRAIL_POLICIES: folder,
        GUARDRAIL_LEDGER: `sqlite:${join(folder, '..', 'ledger.db')}`,
      },
      nowMs: Date.now() + LATER_MS,
    },
  );
}

/** What is kept of the latest reconciliation. */
function latestIn(books: DatabaseSync) {
  const row = books
    .prepare('SELECT corrections, reason, written_by FROM reconciliations ORDER BY at_ms DESC LIMIT 1')
    .get();
  return { ...row };
}

function kindsOf({ report }: Printed): readonly FindingKind[] {
  return report.findings.map(({ kind }) => kind);
}

describe('reconciliation with the warehouse’s jobs', () => {
  it('balances when every query came through guardrail', async () => {
    await house
      .client()
      .query(
        'SELECT COUNT(sender) AS n FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 2 DAY)',
      );
    await house.client(FINOPS).query('SELECT COUNT(contract_id) AS n FROM finops.contracts');
    await eventually(async () => {
      const printed = await reconcile();
      expect(printed.report.findings).toEqual([]);
      expect(balances(printed.report)).toBe(true);
      expect(printed.report.counts.agrees).toEqual({ decisions: 2, jobs: 2 });
    });
  });

  it('gives costs in another currency at the rate of each day, as spend does', async () => {
    const { spend } = await house.ops('/api/v1/spend?by=team&currency=BRL');

    const { rows } = (await reconcile({ currency: 'BRL' })).report;

    const inLedger = rows.reduce((sum, { ledgerMicros }) => sum + ledgerMicros, 0n);
    const spent = spend.reduce(
      (sum: bigint, { costMicros }: { costMicros: string }) => sum + BigInt(costMicros),
      0n,
    );
    expect(rows.every(({ currency }) => currency === 'BRL')).toBe(true);
    expect(inLedger).toBe(spent);
    expect(inLedger).toBeGreaterThan(0n);
    await expect(reconcile({ currency: 'EUR' })).rejects.toThrow('--currency is one of USD, BRL');
  });

  it('keeps why and on whose behalf it corrects before the first correction, in case it does not come to the last', async () => {
    await house
      .direct('bob@guardrail-demo.example')
      .query('SELECT COUNT(status) AS n FROM atendimento.tickets');
    const books = new DatabaseSync(house.ledger().replace('sqlite:', ''));
    onTestFinished(() => books.close());
    books.exec(
      `CREATE TRIGGER full BEFORE INSERT ON settlements WHEN new.source = 'reconciled'
       BEGIN SELECT RAISE(FAIL, 'the disk is full'); END`,
    );

    await expect(reconcile({ writeCorrections: true })).rejects.toThrow('the disk is full');
    books.exec('DROP TRIGGER full');
    const interrupted = latestIn(books);
    const corrected = await reconcile({ writeCorrections: true });

    expect(interrupted).toEqual({ corrections: 0, reason: 'found by the nightly run', written_by: 'ana' });
    expect(corrected.corrections.entered).toBe(1);
    expect(latestIn(books)).toEqual({ ...interrupted, corrections: 1 });
  });

  it('reports a job of another principal with a copied decision label as unguarded', async () => {
    const { decisions } = await house.ops('/api/v1/decisions?limit=10&team=atendimento');
    await house.direct('bob@guardrail-demo.example').query({
      query: 'SELECT COUNT(body) AS n FROM atendimento.messages',
      labels: { guardrail_decision: decisions[0].id, guardrail_reconcile: 'jobs' },
    });

    expect(kindsOf(await reconcile({ writeCorrections: true }))).toEqual(['unguarded']);
    expect(kindsOf(await reconcile())).toEqual([]);
    expect(decisions[0].caller.principal).toBe(ATENDIMENTO);
  });
});
