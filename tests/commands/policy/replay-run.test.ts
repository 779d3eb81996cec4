import { expect, onTestFinished, test } from 'vitest';
import { replayRecords } from '../../../src/commands/policy/replay-run.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { NO_SQL, readingWithoutSql } from '../../../src/vocabulary/reading.ts';
import { policyWithRules } from '../../policy/builders.ts';
import { decision } from '../../records/builders.ts';

test('jobs that move data do not count as queries, nor as failed ones', async () => {
  const ledger = await openLedger('sqlite::memory:');
  onTestFinished(() => ledger.close());
  const load = readingWithoutSql(NO_SQL, { statement: 'LOAD', fingerprint: 'LOAD' });
  await ledger.write((db) =>
    enterDecisions(db, [
      decision({ id: 'query' }),
      decision({ id: 'unpriced', estimate: null, outcome: 'failed' }),
      decision({ id: 'load', estimate: null, reading: load }),
    ]),
  );

  const { coverage } = await replayRecords(ledger.read, {
    candidate: policyWithRules(' []'),
    fromMs: 0,
    toMs: Date.now(),
    asOfMs: Date.now(),
    withBudgets: true,
    onProgress: () => undefined,
  });

  expect(coverage).toMatchObject({ decisions: 2, failed: 1 });
});
