import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { writeFileAtomically } from '../../foundation/files/atomic-file.ts';
import { csvStream } from '../../foundation/text/csv.ts';
import { bigintAsText } from '../../foundation/text/json.ts';
import type { DecisionRecord } from '../decisions/decision-record.ts';
import { columns } from './columns.ts';
import { parquetSchema } from './parquet-schema.ts';
import { type Row, rowGroupsOf } from './row-groups.ts';

/** For the owner only: records hold SQL and names. */
const MODE = 0o600;

export const exportFormats = ['parquet', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Pages = AsyncIterable<readonly DecisionRecord[]>;

/**
 * Writes decision records to a file that only its owner may read, a page at a time, so that only a few pages are in
 * memory. When the promise resolves, the file is whole and on the disk; if it rejects, whatever was at the path before
 * is still there.
 * @param options.replace false to keep an existing file
 * @throws Error if there is one; whatever reading the pages throws
 */
export async function writeExport(
  format: ExportFormat,
  path: string,
  pages: Pages,
  options: { readonly replace: boolean },
): Promise<void> {
  await writeFileAtomically(path, { ...options, mode: MODE }, (unfinished) =>
    WRITERS[format](unfinished, pages),
  );
}

const COLUMN_NAMES = columns.map(({ name }) => name);

const WRITERS: Readonly<Record<ExportFormat, (path: string, pages: Pages) => Promise<void>>> = {
  async parquet(path, pages) {
    const schema = parquetSchema();
    const parquet = new ParquetWriter({ writer: fileWriter(path), schema, createdBy: 'guardrail' });
    for await (const group of rowGroupsOf(rowsOf(pages))) await writeGroup(parquet, group);
    if (parquet.num_rows === 0n) await writeGroup(parquet, []);
    await parquet.finish();
  },
  async csv(path, pages) {
    await pipeline(rowsOf(pages), csvStream(COLUMN_NAMES), createWriteStream(path));
  },
  async jsonl(path, pages) {
    await pipeline(linesOf(pages), createWriteStream(path));
  },
};

function writeGroup(parquet: ParquetWriter, rows: readonly Row[]): Promise<void> | void {
  return parquet.write({
    columnData: COLUMN_NAMES.map((name) => ({ name, data: rows.map((row) => row[name]) })),
    rowGroupSize: Math.max(rows.length, 1),
  });
}

async function* rowsOf(pages: Pages): AsyncGenerator<Row> {
  for await (const page of pages) {
    for (const record of page)
      yield Object.fromEntries(columns.map(({ name, valueIn }) => [name, valueIn(record)]));
  }
}

async function* linesOf(pages: Pages): AsyncGenerator<string> {
  for await (const row of rowsOf(pages)) yield `${JSON.stringify(row, bigintAsText)}\n`;
}
