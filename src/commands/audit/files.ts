import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { ExportFile } from '../../reports/audit/export-contents.ts';
import { FORM_BY_EXTENSION } from '../../reports/audit/read-export.ts';

/**
 * The files of an export, sorted by path: all files in a folder, or a single file. Other kinds of files and hidden
 * folders are skipped.
 * @throws Error if the path cannot be read
 */
export async function exportFilesAt(path: string): Promise<readonly ExportFile[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new Error(`There is nothing to audit at ${path}.`, { cause });
    },
  );
  if (!isFolder) return [{ path: basename(path), text: await readFile(path, 'utf8') }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && isOfAForm(entry.name))
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !/(^|\/)\./.test(name))
    .sort();
  return Promise.all(
    paths.map(async (name) => ({ path: name, text: await readFile(join(path, name), 'utf8') })),
  );
}

function isOfAForm(name: string): boolean {
  return Object.keys(FORM_BY_EXTENSION).some((extension) => name.toLowerCase().endsWith(`.${extension}`));
}
