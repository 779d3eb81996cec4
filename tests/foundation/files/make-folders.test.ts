import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolders } from '../../../src/foundation/files/make-folders.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const isFolder = async (path: string) => (await stat(path)).isDirectory();

describe('making folders', () => {
  test('makes each that is missing, whoever else makes the same meanwhile', async () => {
    const path = join(await temporaryFolder(), 'a', 'b', 'c');

    await Promise.all(Array.from({ length: 5 }, () => makeFolders(path)));

    expect(await isFolder(path)).toBe(true);
  });

  test('leaves a folder that is there already as it is', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');

    await makeFolders(folder);

    expect(await isFolder(folder)).toBe(true);
    expect((await stat(join(folder, 'file'))).isFile()).toBe(true);
  });

  test('makes a folder beside the one that a link leads to, where the system will look for it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'disk', 'ledger'), { recursive: true });
    await symlink(join('disk', 'ledger'), join(folder, 'link'));

    await makeFolders(`${folder}/link/../spool`);

    expect(await isFolder(join(folder, 'disk', 'spool'))).toBe(true);
  });

  test.each([
    ['in its place', []],
    ['above it', ['folder']],
  ])('fails where there is a file %s', async (_, below) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');

    await expect(makeFolders(join(file, ...below))).rejects.toMatchObject({ code: 'EEXIST', path: file });
  });

  test('fails where the system makes no folders: Node’s recursive mkdir would try for ever', async () => {
    await expect(makeFolders('/proc/guardrail/folder')).rejects.toMatchObject({
      code: 'ENOENT',
      path: '/proc/guardrail',
    });
  });
});
