import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { DecisionRecord } from '../decision-record.ts';
import { type Cell, columns } from './columns.ts';
import { parquetSchema } from './parquet-schema.ts';

export const exportFormats = ['parquet', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Pages = AsyncIterable<readonly DecisionRecord[]>;

/** Decisions in one group of rows of a Parquet file, which is held in memory until it is written. */
const ROWS_IN_GROUP = 20_000;

/**
 * Writes decision records to a file, a page at a time: no more than some pages are in memory. The file is there, whole
 * and on the disk, when the promise resolves; where it rejects, whatever was at its path before is there still.
 */
export async function writeExport(format: ExportFormat, path: string, pages: Pages): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await WRITERS[format](unfinished, pages);
    await flush(unfinished);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

const WRITERS: Readonly<Record<ExportFormat, (path: string, pages: Pages) => Promise<void>>> = {
  async parquet(path, pages) {
    await parquetWriteRows({
      writer: fileWriter(path),
      rows: rowsOf(pages),
      columns: columns.map(({ name }) => ({ name })),
      schema: parquetSchema(),
      rowGroupSize: ROWS_IN_GROUP,
      createdBy: 'guardrail',
    });
  },
  async csv(path, pages) {
    const head = columns.map(({ name }) => name);
    // Nothing that a client put into a name or an SQL text may run as a formula in a spreadsheet.
    const csv = stringify({ header: true, columns: head, escape_formulas: true });
    await pipeline(csvRowsOf(pages), csv, createWriteStream(path));
  },
  async jsonl(path, pages) {
    await pipeline(linesOf(pages), createWriteStream(path));
  },
};

async function* rowsOf(pages: Pages): AsyncGenerator<Readonly<Record<string, Cell>>> {
  for await (const page of pages) {
    for (const record of page)
      yield Object.fromEntries(columns.map(({ name, valueIn }) => [name, valueIn(record)]));
  }
}

async function* csvRowsOf(pages: Pages): AsyncGenerator<readonly (string | null)[]> {
  for await (const page of pages) {
    for (const record of page) yield columns.map(({ valueIn }) => asText(valueIn(record)));
  }
}

async function* linesOf(pages: Pages): AsyncGenerator<string> {
  for await (const row of rowsOf(pages)) yield `${JSON.stringify(row, exact)}\n`;
}

function asText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell;
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** Whole numbers of 64 bits as decimal text, since they pass what a float holds. */
function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
