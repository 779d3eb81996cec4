import { expect, onTestFinished, test } from 'vitest';
import { replayRecords } from '../../../../src/commands/policy/replay/run.ts';
import { openLedger } from '../../../../src/ledger/ledger.ts';
import { enterDecisions } from '../../../../src/records/enter.ts';
import { NO_SQL, readingWithoutSql } from '../../../../src/vocabulary/reading.ts';
import { policyWithRules } from '../../../policy/builders.ts';
import { decision } from '../../../records/builders.ts';

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

test('queries are shown without their literals, and not at all where the records hold no SQL', async () => {
  const ledger = await openLedger('sqlite::memory:');
  onTestFinished(() => ledger.close());
  const kept = [
    ['stored', "SELECT * FROM t WHERE cpf = '123'"],
    ['masked', 'SELECT * FROM t WHERE cpf = ?'],
    ['hashed', 'sha256:0a1b'],
    ['dropped', ''],
  ] as const;
  await ledger.write((db) =>
    enterDecisions(
      db,
      kept.map(([sqlRetention, sql]) => {
        const one = decision({ id: sqlRetention, sql, sqlRetention });
        return { ...one, reading: { ...one.reading, fingerprint: sqlRetention } };
      }),
    ),
  );

  const { rows } = await replayRecords(ledger.read, {
    candidate: policyWithRules('\n  - { name: none, mode: deny, when: "true", message: "no" }'),
    fromMs: 0,
    toMs: Date.now(),
    asOfMs: Date.now(),
    withBudgets: false,
    onProgress: () => undefined,
  });

  expect(rows.fingerprint.map(({ name, sql }) => [name, sql]).toSorted()).toEqual([
    ['dropped', null],
    ['hashed', null],
    ['masked', 'SELECT * FROM t WHERE cpf = ?'],
    ['stored', 'SELECT * FROM t WHERE cpf = ?'],
  ]);
});
