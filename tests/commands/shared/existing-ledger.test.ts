import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openExisting } from '../../../src/commands/shared/existing-ledger.ts';
import { withLedger } from '../../../src/commands/shared/ledger-option.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const idle = async () => undefined;

describe('commands that read a ledger', () => {
  test.each([
    ['the settings', (url: string) => openExisting(url)],
    ['an option', (url: string) => withLedger({ ledger: url }, idle)],
  ])('create none if %s names one that does not exist, and say what to name', async (_named, open) => {
    const path = join(await temporaryFolder(), 'ledger.db');

    await expect(open(`sqlite:${path}`)).rejects.toThrow(`There is no ledger at ${path}. Name the one`);
    await expect(open('sqlite::memory:')).rejects.toThrow('There is no ledger at :memory:.');

    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('say as whom to run if the ledger belongs to another user, who alone may read it', async () => {
    // Root may read all files, and no folder as a file: SQLite says the same of both.
    const folder = await temporaryFolder();

    await expect(openExisting(`sqlite:${folder}`)).rejects.toMatchObject({
      cure: expect.stringContaining('run commands as that user, or as root'),
    });
  });

  test('open one that exists', async () => {
    const url = `sqlite:${join(await temporaryFolder(), 'ledger.db')}`;
    await (await openLedger(url)).close();

    await expect(withLedger({ ledger: url }, async () => 'read')).resolves.toBe('read');
  });
});
