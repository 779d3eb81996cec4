import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileTarget } from '../../../src/records/lineage/file-target.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { enterRuns, lineageOf, shortly } from './builders.ts';
import { faultsOf } from './validity.ts';

/** The start and end of each run. */
const bothOf = (...numbers: readonly number[]) => numbers.flatMap((n) => [`START ${n}`, `COMPLETE ${n}`]);

describe('a lineage file', () => {
  async function somewhere(): Promise<string> {
    const folder = await temporaryFolder();
    return join(folder, 'events', 'lineage.jsonl');
  }
  const linesIn = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

  test('has each event on its own line, even after half a line from a process that died', async () => {
    const ledger = await freshLedger();
    const path = await somewhere();
    const lineage = lineageOf(ledger, { target: fileTarget(path) });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);
    await lineage.deliverDue();
    await appendFile(path, '{"eventType":"STA');
    await enterRuns(ledger, 2);

    await lineage.deliverDue();

    const lines = await linesIn(path);
    expect(lines[2]).toBe('{"eventType":"STA');
    const events = lines.toSpliced(2, 1).map((line) => JSON.parse(line));
    expect(events.map(shortly)).toEqual(bothOf(1, 2));
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  test('that cannot be written is tried again', async () => {
    const ledger = await freshLedger();
    const path = await somewhere();
    const lineage = lineageOf(ledger, { target: fileTarget(join(path, '..', '..')) });
    await lineage.deliverDue();
    await enterRuns(ledger, 1);

    await lineage.deliverDue();

    expect(lineage.attempts).toMatchObject([
      { outcome: 'failed', problem: 'the file could not be written (EISDIR)' },
    ]);
    expect(await lineage.backlog()).toMatchObject({ entries: 2 });
  });

  test('that has no folder is tried again where the system makes none', async () => {
    const target = fileTarget('/proc/guardrail/lineage.jsonl');

    expect(await target.send(['{}'])).toMatchObject([
      { outcome: 'failed', problem: 'the file could not be written (ENOENT)' },
    ]);
  });
});
