import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { PolicyRejected, policyError } from './errors.ts';

/** One file of a policy folder, not yet parsed. */
export interface PolicyText {
  /** The names of the folder and the file: what positions show, wherever the folder is mounted. */
  readonly file: string;
  readonly text: string;
}

/** All files of a policy folder, read at one moment. */
export interface PolicyTexts {
  readonly files: readonly PolicyText[];
  /** A short digest of names and contents. */
  readonly version: string;
}

/**
 * The policy files directly in a folder, sorted by name. Links are followed, and names that begin with a dot are
 * skipped, so that a mounted ConfigMap is read as intended.
 * @throws PolicyRejected if there is no file, or one cannot be read
 */
export async function readPolicyFolder(folder: string): Promise<PolicyTexts> {
  try {
    const names = (await readdir(folder)).filter(isPolicyFile).sort();
    const files = await Promise.all(names.map((name) => readPolicyFile(folder, name)));
    if (files.length > 0) return policyTexts(files);
  } catch (error) {
    throw rejectedFolder(folder, `cannot be read: ${errorMessage(error)}`);
  }
  throw rejectedFolder(folder, 'holds no policy file');
}

/** The texts of policy files, with their digest. */
export function policyTexts(files: readonly PolicyText[]): PolicyTexts {
  return { files, version: digestOf(files) };
}

/** Whether a file in a folder is read as a policy file. */
export function isPolicyFile(name: string): boolean {
  return !name.startsWith('.') && /\.ya?ml$/i.test(name);
}

async function readPolicyFile(folder: string, name: string): Promise<PolicyText> {
  const path = join(folder, name);
  // Container engines create a folder if the file that they are to mount is missing: its rules would silently be gone.
  if (!(await stat(path)).isFile()) throw new Error(`${name} is not a file`);
  return { file: `${nameOf(folder)}/${name}`, text: decodeUtf8(name, await readFile(path)) };
}

/** Characters in another encoding would be misread, and a name that contains them would match nobody. */
function decodeUtf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`${name} is not in UTF-8. Save it in that encoding`, { cause });
  }
}

function digestOf(files: readonly PolicyText[]): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
}

const EXPECTED =
  'expected at least one readable .yaml file in it; GUARDRAIL_POLICIES, or policies in guardrail.yaml, names the folder';

function rejectedFolder(folder: string, problem: string): PolicyRejected {
  const source = { file: nameOf(folder), line: 1, column: 1 };
  return new PolicyRejected(folder, [policyError(source, `the folder ${folder} ${problem}`, EXPECTED)]);
}

function nameOf(folder: string): string {
  return basename(resolve(folder));
}
