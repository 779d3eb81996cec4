import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.ts';
import { makeFolders } from './make-folders.ts';

/** The process's umask decides who may read it: a report is there to be passed on. */
const MODE = 0o666;

/**
 * Writes files into a folder, which is created if necessary. Readers see either the old file or the new one, never a
 * part.
 * @returns their paths
 */
export async function writeFilesAtomically(
  folder: string,
  files: readonly { readonly name: string; readonly content: string }[],
): Promise<readonly string[]> {
  await makeFolders(folder);
  const paths: string[] = [];
  for (const { name, content } of files) {
    const path = join(folder, name);
    await writeFileAtomically(path, { replace: true, mode: MODE }, (unfinished) =>
      writeFile(unfinished, content),
    );
    paths.push(path);
  }
  return paths;
}
