import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordsExportCommand } from '../../../src/commands/records/export.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { enter } from '../../records/journal/entries.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test.each([
  ['records.csv', [], /^decision_id,/],
  ['records.jsonl', [], /^$/],
  ['records.parquet', [], /^PAR1/],
  ['records', [], /^PAR1/],
  ['records.csv', ['--format', 'parquet'], /^PAR1/],
  ['records.JSONL', [], /^$/],
  ['records.json', ['--format', 'jsonl'], /^$/],
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

test('an ending that means no format is refused, and no file is written', async () => {
  const folder = await temporaryFolder();
  const ledger = `sqlite:${join(folder, 'ledger.db')}`;
  await (await openLedger(ledger)).close();
  const out = join(folder, 'records.json');

  const exported = recordsExportCommand().parseAsync(['--ledger', ledger, '--out', out], { from: 'user' });

  await expect(exported).rejects.toThrow('End it in .parquet, .csv or .jsonl, or name the format');
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('a time that ends before it begins is refused, and no file is written', async () => {
  const folder = await temporaryFolder();
  const ledger = `sqlite:${join(folder, 'ledger.db')}`;
  await (await openLedger(ledger)).close();
  const out = join(folder, 'records.csv');

  const exported = recordsExportCommand().parseAsync(
    ['--ledger', ledger, '--out', out, '--from', '2026-12-01', '--to', '2026-11-01'],
    { from: 'user' },
  );

  await expect(exported).rejects.toThrow('Name a start before the end');
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('days begin in the time zone that is named, as they do in spend, else in UTC', async () => {
  const folder = await temporaryFolder();
  const url = `sqlite:${join(folder, 'ledger.db')}`;
  const ledger = await openLedger(url);
  const lastEvening = BigInt(Date.parse('2026-11-30T22:00:00-03:00'));
  await enter(ledger, { decision: { id: 'of-the-last-evening', at_ms: lastEvening } });
  await ledger.close();
  const november = async (name: string, options: readonly string[]) => {
    const out = join(folder, name);
    const span = ['--from', '2026-11-01', '--to', '2026-12-01'];
    await recordsExportCommand().parseAsync(['--ledger', url, '--out', out, ...span, ...options], {
      from: 'user',
    });
    return readFile(out, 'utf8');
  };

  expect(await november('sao-paulo.csv', ['--time-zone', 'America/Sao_Paulo'])).toContain(
    'of-the-last-evening',
  );
  expect(await november('utc.csv', [])).not.toContain('of-the-last-evening');
});
