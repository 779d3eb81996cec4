import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { errorCode } from '../../foundation/text/error-code.ts';
import type { LineageTarget, SendOutcome } from './target.ts';

const LINE_FEED = 10;

/**
 * A file of JSON Lines, created if missing and reopened for each run, so that it can be rotated. Whatever was sent is
 * on the disk.
 */
export function fileTarget(path: string): LineageTarget {
  return {
    name: `file:${path}`,
    // One write at a time, so that lines stay whole.
    atOnce: 1,
    async send(lines) {
      try {
        await append(path, lines);
        return lines.map((): SendOutcome => ({ outcome: 'sent' }));
      } catch (error) {
        return [{ outcome: 'failed', problem: problemOf(error), retryAfterMs: 0 }];
      }
    },
  };
}

async function append(path: string, lines: readonly string[]): Promise<void> {
  await makeFolders(dirname(path));
  await using file = await open(path, 'a+');
  // A process that died while writing leaves half a line: the next event starts on a new one.
  const start = (await endsInLine(file)) ? '' : '\n';
  await file.appendFile(`${start}${lines.map((line) => `${line}\n`).join('')}`);
  await file.datasync();
}

async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] === LINE_FEED;
}

function problemOf(error: unknown): string {
  const code = errorCode(error) ?? 'for an unknown reason';
  return `the file could not be written (${code})`;
}
