import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { createBooks } from '../../../src/books/books.ts';
import { columns } from '../../../src/records/export/columns.ts';
import { readRecords } from '../../../src/records/export/read.ts';
import { type ExportFormat, writeExport } from '../../../src/records/export/write.ts';
import { admission, settled } from '../../books/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { decision, estimateOf } from '../builders.ts';

const atMs = Date.UTC(2026, 10, 24, 12);
const range = { fromMs: atMs, toMs: atMs + 1000 };
/** Megabytes may take long on a busy machine; no test here depends on how long. */
const PATIENTLY = { timeout: 60_000 };

const PETABYTES = 2n ** 60n + 1n;

/** Writes one settled and one refused decision, the second with a name that a spreadsheet would run as a formula. */
async function exported(format: ExportFormat): Promise<string> {
  const ledger = await freshLedger();
  const books = createBooks({ ledger });
  const admitted = admission('a', { atMs, coverages: [] });
  await books.admit({
    ...admitted,
    decision: {
      ...admitted.decision,
      atMs,
      estimate: { ...estimateOf(['tickets', 'messages']), bytesProcessed: PETABYTES },
    },
  });
  await books.settle(settled('a', 7n, { admittedAtMs: atMs }));
  const caller = { ...decision().caller, person: '=cmd()' };
  await books.record(decision({ id: 'b', atMs: atMs + 1, outcome: 'refused', caller }));
  await books.record(decision({ id: 'later', atMs: atMs + 1000 }));
  const path = join(await temporaryFolder(), `records.${format}`);
  await writeExport(format, path, readRecords(ledger.read, range), { replace: false });
  return path;
}

describe('an export of records', () => {
  let duckdb: DuckDBInstance;
  beforeAll(async () => {
    duckdb = await DuckDBInstance.create();
  });

  test('is Parquet that DuckDB reads exactly, even amounts beyond 2^53', async () => {
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

  test('is CSV with a header, whose cells no spreadsheet runs as formulas', async () => {
    const lines = (await readFile(await exported('csv'), 'utf8')).trim().split('\n');

    expect(lines).toHaveLength(3);
    expect(lines[0]?.split(',')).toEqual(columns.map(({ name }) => name));
    expect(lines[2]).toContain("'=cmd()");
  });

  test('is one JSON object per line, with large amounts as text', async () => {
    const lines = (await readFile(await exported('jsonl'), 'utf8')).trim().split('\n');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { decision_id: 'a', estimated_bytes_processed: String(PETABYTES), bytes_billed: '7' },
      { decision_id: 'b', settled_at: null },
    ]);
  });

  test('is readable only by its owner', async () => {
    const { mode } = await stat(await exported('parquet'));

    expect((mode & 0o777).toString(8)).toBe('600');
  });

  test('is read and written in parts of bounded size, however long the SQL is', PATIENTLY, async () => {
    const ledger = await freshLedger();
    const records = Array.from({ length: 24 }, (_, i) =>
      decision({ id: `d${i}`, atMs: atMs + i, sql: `SELECT '${String(i % 10).repeat(1 << 20)}'` }),
    );
    for (const record of records) await createBooks({ ledger }).record(record);
    const path = join(await temporaryFolder(), 'records.parquet');
    const pages: number[] = [];
    async function* countedPages() {
      for await (const page of readRecords(ledger.read, range)) {
        pages.push(page.length);
        yield page;
      }
    }

    await writeExport('parquet', path, countedPages(), { replace: false });

    const connection = await duckdb.connect();
    const metadata = await connection.runAndReadAll(
      `select distinct row_group_id, row_group_num_rows from parquet_metadata('${path}') order by 1`,
    );
    const groups = metadata.getRowsJson().map(([, rows]) => Number(rows));
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    expect([sum(pages), sum(groups)]).toEqual([24, 24]);
    expect(Math.max(...pages)).toBe(7);
    expect(groups).toEqual([16, 8]);
    const read = await connection.runAndReadAll(`select sum(length(sql)) from '${path}'`);
    expect(read.getRowsJson()).toEqual([[String(24 * ((1 << 20) + 9))]]);
  });

  test('without records has no rows but all its columns', async () => {
    const path = join(await temporaryFolder(), 'records.parquet');

    await writeExport('parquet', path, (async function* () {})(), { replace: false });

    const connection = await duckdb.connect();
    const names = await connection.runAndReadAll(`describe select * from '${path}'`);
    expect(names.getRows().map(([name]) => name)).toEqual(columns.map(({ name }) => name));
  });

  test.each([
    ['existed before', true],
    ['appeared meanwhile', false],
  ])('leaves a file that %s unchanged when it must not replace it', async (_when, isThere) => {
    const path = join(await temporaryFolder(), 'records.csv');
    if (isThere) await writeFile(path, 'theirs');
    async function* pages() {
      await writeFile(path, 'theirs');
      yield [];
    }

    const writing = writeExport('csv', path, pages(), { replace: false });

    await expect(writing).rejects.toThrow('is there already');
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await readdir(dirname(path))).toEqual(['records.csv']);
  });

  test('replaces an existing file when asked to', async () => {
    const path = join(await temporaryFolder(), 'records.jsonl');
    await writeFile(path, 'before', { mode: 0o644 });

    await writeExport('jsonl', path, (async function* () {})(), { replace: true });

    expect(await readFile(path, 'utf8')).toBe('');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('leaves the existing file and nothing half-written when it fails', async () => {
    const path = join(await temporaryFolder(), 'records.jsonl');
    await writeFile(path, 'before');
    async function* broken() {
      yield [];
      throw new Error('the ledger is gone');
    }

    await expect(writeExport('jsonl', path, broken(), { replace: true })).rejects.toThrow(
      'the ledger is gone',
    );

    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(dirname(path))).toEqual(['records.jsonl']);
  });
});
