import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isPolicyFile, type PolicyTexts, policyTexts } from '../../../policy/document/folder.ts';

const run = promisify(execFile);
const MAX_BYTES = 64 << 20;

/**
 * The policy files of a folder at a revision of its git repository.
 * @throws Error if there is no such repository or revision, or the revision does not have the folder
 */
export async function readPolicyFolderAt(revision: string, folder: string): Promise<PolicyTexts> {
  const git = async (...words: readonly string[]) => {
    const { stdout } = await run('git', ['-C', folder, ...words], { maxBuffer: MAX_BYTES });
    return stdout;
  };
  try {
    const commit = (
      await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)
    ).trim();
    const names = (await git('ls-tree', '-z', '--name-only', commit)).split('\0').filter(isPolicyFile).sort();
    const files = await Promise.all(
      names.map(async (name) => ({
        file: `${basename(resolve(folder))}/${name}`,
        text: await git('show', `${commit}:./${name}`),
      })),
    );
    if (files.length > 0) return policyTexts(files);
  } catch (cause) {
    const why = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(
      `The folder ${folder} of revision ${revision} cannot be read${why === '' ? '' : `: ${why}`}. Is it in a git repository that holds the revision?`,
      { cause },
    );
  }
  throw new Error(`Revision ${revision} holds no policy file in ${folder}.`);
}
