import { execFile } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * Bundles as `npm run build` does.
 * @param folder an empty folder, in the place of the image's `/app`
 * @returns the path of the command line's module
 */
export async function buildBundle(folder: string): Promise<string> {
  const build = ['node_modules/rolldown/bin/cli.mjs', '--config', 'rolldown.config.ts', '--dir'];
  await promisify(execFile)(process.execPath, [...build, join(folder, 'dist')]);
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return join(folder, 'dist/main.js');
}
