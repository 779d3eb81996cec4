import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { errorCode } from '../../foundation/text/error-code.ts';
import type { Entry } from '../entries.ts';

/** What a spool file says. */
export interface SpoolLines {
  readonly entries: readonly Entry[];
  /** How many lines were written whole and can no longer be read: the disk, or somebody, changed them. */
  readonly damaged: number;
}

/**
 * Node's own format keeps bigints and maps; the digest tells a whole line from any other. The entry starts on a new line
 * in case the one before was cut off.
 */
export function lineOf(entry: Entry): string {
  const content = serialize(entry).toString('base64');
  return `\n${digestOf(content)} ${content}\n`;
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/**
 * Reads a spool file; one that does not exist is empty. A line that was cut off when a process died is skipped: it was
 * never acknowledged.
 */
export async function readLines(path: string): Promise<SpoolLines> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return { entries: [], damaged: 0 };
    throw error;
  }
  const lines = text.split('\n');
  const entries: Entry[] = [];
  let damaged = 0;
  for (const [index, line] of lines.entries()) {
    const [digest, content = ''] = line.split(' ');
    // The digest shows that this program wrote the line.
    if (digest === digestOf(content)) entries.push(deserialize(Buffer.from(content, 'base64')) as Entry);
    else if (line !== '' && !isCutOff(line, lines[index + 1])) damaged += 1;
  }
  return { entries, damaged };
}

/** A line that was written whole is followed by an empty one, or by nothing but its own line feed. */
function isCutOff(line: string, next: string | undefined): boolean {
  return next !== '' && /^[0-9a-f]{0,16}( [A-Za-z0-9+/=]*)?$/.test(line);
}

/** Whether an error says that a file does not exist. */
export function isNotFound(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}
