import { randomUUID } from 'node:crypto';
import { access, link, open, rename, rm } from 'node:fs/promises';
import { errorCode } from '../text/error-code.ts';

/**
 * Writes a file so that it appears only once it is whole and on the disk: it is written beside its final path, then
 * moved there in one step. If that fails, whatever was there before is still there.
 * @param options.replace false to keep a file that exists, or appears meanwhile
 * @param options.mode the file's permissions, less the process's umask
 * @param write writes to the path that it is given
 * @throws Error if an existing file is to be kept; whatever `write` throws
 */
export async function writeFileAtomically(
  path: string,
  { replace, mode }: { readonly replace: boolean; readonly mode: number },
  write: (unfinished: string) => Promise<void>,
): Promise<void> {
  if (!replace && (await exists(path))) throw alreadyExists(path);
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

/** Unlike a rename, a link never replaces an existing file. */
async function linkNew(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    throw errorCode(error) === 'EEXIST' ? alreadyExists(path) : error;
  }
}

function alreadyExists(path: string): Error {
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
