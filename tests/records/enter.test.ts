import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import {
  enterDecisions,
  enterSettlements,
  latestSettlements,
  payersOfJobs,
} from '../../src/records/enter.ts';
import { MAX_AMOUNT } from '../../src/vocabulary/max-amount.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision, estimateOf, settlement } from './builders.ts';
import { verified } from './journal/journal-builders.ts';

const admittedAtMs = decision().atMs;

async function journal(ledger: Ledger) {
  const rows = await ledger.read.selectFrom('journal').select(['kind', 'id', 'at_ms']).execute();
  return rows.map(({ kind, id, at_ms }) => `${kind} ${id} at ${at_ms}`).toSorted();
}

async function tables(ledger: Ledger) {
  const rows = await ledger.read.selectFrom('decision_tables').selectAll().execute();
  return rows.map(({ decision_id, table_name }) => `${decision_id}: ${table_name}`).toSorted();
}

describe('entering decisions', () => {
  test('writes each table that a query reads once, with a digest of the whole decision', async () => {
    const ledger = await freshLedger();
    const estimate = estimateOf(['tickets', 'messages', 'tickets']);

    await ledger.write((db) => enterDecisions(db, [decision({ estimate })]));

    expect(await tables(ledger)).toEqual([
      'decision-1: guardrail-demo.atendimento.messages',
      'decision-1: guardrail-demo.atendimento.tickets',
    ]);
    expect(await journal(ledger)).toEqual([`decision decision-1 at ${admittedAtMs}`]);
    expect((await verified(ledger, new Map(), admittedAtMs)).all).toEqual([]);
  });

  test('leaves an existing decision unchanged, whatever it now says, and writes the others', async () => {
    const ledger = await freshLedger();
    await ledger.write((db) => enterDecisions(db, [decision()]));
    const again = decision({ sql: 'SELECT 2', estimate: estimateOf(['agents']) });

    await ledger.write((db) => enterDecisions(db, [again, decision({ id: 'decision-2' })]));

    expect(await tables(ledger)).toEqual([
      'decision-1: guardrail-demo.atendimento.tickets',
      'decision-2: guardrail-demo.atendimento.tickets',
    ]);
    expect((await verified(ledger, new Map(), admittedAtMs)).all).toEqual([]);
  });

  test('writes none when one holds an amount out of range', async () => {
    const ledger = await freshLedger();
    const tooMuch = decision({ id: 'decision-2', maximumBytesBilled: MAX_AMOUNT + 1n });

    const entering = ledger.write((db) => enterDecisions(db, [decision(), tooMuch]));

    await expect(entering).rejects.toMatchObject({ kind: 'amount out of range' });
    expect(await journal(ledger)).toEqual([]);
  });
});

describe('entering settlements', () => {
  test('writes a digest of each version, dated by when its query was admitted', async () => {
    const ledger = await freshLedger();
    await ledger.write((db) => enterDecisions(db, [decision()]));

    await ledger.write((db) =>
      enterSettlements(db, [
        { settlement: settlement({ source: 'assumed' }), version: 0n, admittedAtMs, tariff: null },
        { settlement: settlement(), version: 1n, admittedAtMs, tariff: null },
      ]),
    );

    expect(await journal(ledger)).toEqual([
      `decision decision-1 at ${admittedAtMs}`,
      `settlement decision-1/0 at ${admittedAtMs}`,
      `settlement decision-1/1 at ${admittedAtMs}`,
    ]);
    expect((await verified(ledger, new Map(), admittedAtMs)).all).toEqual([]);
  });

  test('rejects a version that the decision already has', async () => {
    const ledger = await freshLedger();
    const first = { settlement: settlement(), version: 1n, admittedAtMs, tariff: null };
    await ledger.write((db) => enterSettlements(db, [first]));

    const again = ledger.write((db) => enterSettlements(db, [first]));

    await expect(again).rejects.toMatchObject({ name: 'LedgerError' });
  });
});

describe('the latest settlements', () => {
  test('are those of the highest version of each decision asked for', async () => {
    const ledger = await freshLedger();
    const standing = await ledger.write(async (db) => {
      await enterSettlements(db, [
        { settlement: settlement({ bytesBilled: 3n }), version: 3n, admittedAtMs, tariff: null },
        { settlement: settlement({ bytesBilled: 2n }), version: 2n, admittedAtMs, tariff: null },
        { settlement: settlement({ decisionId: 'other' }), version: 1n, admittedAtMs, tariff: null },
      ]);
      return latestSettlements(db, [
        { decisionId: 'decision-1', admittedAtMs },
        { decisionId: 'unknown', admittedAtMs },
      ]);
    });

    expect([...standing]).toEqual([
      [
        'decision-1',
        { settlement: settlement({ bytesBilled: 3n }), version: 3n, admittedAtMs, tariff: null },
      ],
    ]);
  });

  test('name the decision that paid for a job, and not one that repeated it', async () => {
    const ledger = await freshLedger();
    const payers = await ledger.write(async (db) => {
      await enterSettlements(db, [
        {
          settlement: settlement({ decisionId: 'again', jobId: 'job', source: 'repeated' }),
          version: 1n,
          admittedAtMs,
          tariff: null,
        },
        {
          settlement: settlement({ decisionId: 'first', jobId: 'job' }),
          version: 1n,
          admittedAtMs,
          tariff: null,
        },
        {
          settlement: settlement({ decisionId: 'other', jobId: 'another' }),
          version: 1n,
          admittedAtMs,
          tariff: null,
        },
      ]);
      return payersOfJobs(db, [{ jobId: 'job' }, { jobId: null }, { jobId: 'unheard of' }]);
    });

    expect([...payers]).toEqual([
      ['job', new Set(['first'])],
      ['unheard of', new Set()],
    ]);
  });
});
