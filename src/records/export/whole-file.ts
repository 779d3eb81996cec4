import { randomUUID } from 'node:crypto';
import { access, link, open, rename, rm } from 'node:fs/promises';

/**
 * Makes a file that is there once it is whole and on the disk, and not before: it is written beside its place, then put
 * there in one step. Where that fails, whatever was at its place before is there still.
 * @param options.replace false where a file that is there, or comes to be there meanwhile, is to stay
 * @param options.mode who may read and write it, less what the process's own mask takes away
 * @param write writes to the path that it is given
 * @throws Error where a file is there that is to stay; whatever `write` throws
 */
export async function writeWholeFile(
  path: string,
  { replace, mode }: { readonly replace: boolean; readonly mode: number },
  write: (unfinished: string) => Promise<void>,
): Promise<void> {
  if (!replace && (await exists(path))) throw isThere(path);
  const unfinished = `${path}.${randomUUID()}.part`;
  await (await open(unfinished, 'wx', mode)).close();
  try {
    await write(unfinished);
    await flush(unfinished);
    if (replace) await rename(unfinished, path);
    else await linkNew(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** A link is never made over a file that is there, as a rename would be. */
async function linkNew(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? isThere(path) : error;
  }
}

function isThere(path: string): Error {
  return new Error(`${path} is there already. Name another file, or say --force.`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
