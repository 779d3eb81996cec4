import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordsExportCommand } from '../../../src/commands/records/export.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test.each([
  ['records.csv', [], /^decision_id,/],
  ['records.jsonl', [], /^$/],
  ['records.parquet', [], /^PAR1/],
  ['records', [], /^PAR1/],
  ['records.csv', ['--format', 'parquet'], /^PAR1/],
])(
  'what is written to %s with the options %j is in the format of its ending, unless said otherwise',
  async (name, options, start) => {
    const folder = await temporaryFolder();
    const ledger = `sqlite:${join(folder, 'ledger.db')}`;
    await (await openLedger(ledger)).close();
    const out = join(folder, name);

    await recordsExportCommand().parseAsync(['--ledger', ledger, '--out', out, ...options], { from: 'user' });

    expect(await readFile(out, 'latin1')).toMatch(start);
  },
);
