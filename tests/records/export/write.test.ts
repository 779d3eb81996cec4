import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { createBooks } from '../../../src/books/books.ts';
import { columns } from '../../../src/records/export/columns.ts';
import { readRecords } from '../../../src/records/export/read.ts';
import { type ExportFormat, writeExport } from '../../../src/records/export/write.ts';
import { admission, settled } from '../../books/builders.ts';
import { temporaryFolder } from '../../budget/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, estimateOf } from '../builders.ts';

const atMs = Date.UTC(2026, 10, 24, 12);
const range = { fromMs: atMs, toMs: atMs + 1000 };
const PETABYTES = 2n ** 60n + 1n;

/** Writes one settled and one refused decision, the second with a name that a spreadsheet would run. */
async function exported(format: ExportFormat): Promise<string> {
  const ledger = await freshLedger();
  const books = createBooks({ ledger });
  const asked = admission('a', { atMs, coverages: [] });
  await books.admit({
    ...asked,
    decision: {
      ...asked.decision,
      atMs,
      estimate: { ...estimateOf(['tickets', 'messages']), bytesProcessed: PETABYTES },
    },
  });
  await books.settle(settled('a', 7n, { admittedAtMs: atMs }));
  const caller = { ...decision().caller, person: '=cmd()' };
  await books.record(decision({ id: 'b', atMs: atMs + 1, outcome: 'refused', caller }));
  await books.record(decision({ id: 'later', atMs: atMs + 1000 }));
  const path = join(await temporaryFolder(), `records.${format}`);
  await writeExport(format, path, readRecords(ledger.read, range));
  return path;
}

describe('an export of records', () => {
  let duckdb: DuckDBInstance;
  beforeAll(async () => {
    duckdb = await DuckDBInstance.create();
  });

  test('is Parquet that DuckDB reads, to the last byte of what passes 2^53', async () => {
    const path = await exported('parquet');
    const connection = await duckdb.connect();

    const result = await connection.runAndReadAll(
      `select decision_id, admitted_at, tables, estimated_bytes_processed, bytes_billed, cache_hit, person, outcome
       from '${path}' order by decision_id`,
    );
    const names = await connection.runAndReadAll(`describe select * from '${path}'`);

    expect(result.getRowsJson()).toEqual([
      [
        'a',
        '2026-11-24 12:00:00+00',
        ['guardrail-demo.atendimento.tickets', 'guardrail-demo.atendimento.messages'],
        String(PETABYTES),
        '7',
        false,
        '12',
        'admitted',
      ],
      ['b', expect.any(String), expect.any(Array), '900', null, null, '=cmd()', 'refused'],
    ]);
    expect(names.getRows().map(([name]) => name)).toEqual(columns.map(({ name }) => name));
  });

  test('is CSV with a head, whose cells no spreadsheet runs', async () => {
    const lines = (await readFile(await exported('csv'), 'utf8')).trim().split('\n');

    expect(lines).toHaveLength(3);
    expect(lines[0]?.split(',')).toEqual(columns.map(({ name }) => name));
    expect(lines[2]).toContain("'=cmd()");
  });

  test('is one JSON object a line, large amounts as text', async () => {
    const lines = (await readFile(await exported('jsonl'), 'utf8')).trim().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { decision_id: 'a', estimated_bytes_processed: String(PETABYTES), bytes_billed: '7' },
      { decision_id: 'b', settled_at: null },
    ]);
  });

  test('leaves what was there before where it fails, and nothing half-written', async () => {
    const path = join(await temporaryFolder(), 'records.jsonl');
    await writeFile(path, 'before');
    async function* broken() {
      yield [];
      throw new Error('the ledger is gone');
    }

    await expect(writeExport('jsonl', path, broken())).rejects.toThrow('the ledger is gone');

    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(dirname(path))).toEqual(['records.jsonl']);
  });
});
