import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes files into a folder, which is made where it is not there. Whoever reads a file sees the one of before or the
 * new one, never a part.
 * @returns their paths
 */
export async function writeWhole(
  folder: string,
  files: readonly { readonly name: string; readonly content: string }[],
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { name, content } of files) {
    const path = join(folder, name);
    const unfinished = `${path}.${process.pid}.unfinished`;
    try {
      await writeFile(unfinished, content, { flush: true });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    paths.push(path);
  }
  return paths;
}
