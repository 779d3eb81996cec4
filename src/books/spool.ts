import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Entry } from './entries.ts';
import { lockSpool } from './spool-lock.ts';

/** A file that keeps entries for the books until the ledger is back. */
export interface Spool {
  /** Durable when it resolves. If it rejects, the entry is not kept, as far as the disk allows undoing the write. */
  append(entry: Entry): Promise<void>;
  /** Whether an entry of this decision is waiting. */
  holds(decisionId: string): boolean;
  /** How many entries are waiting. */
  readonly size: number;
  /**
   * Hands every entry to `enter`, in order of arrival, and forgets them once all were taken. If it is interrupted, the
   * next call starts over, so `enter` must cope with an entry that comes twice.
   */
  drain(enter: (entry: Entry) => Promise<void>): Promise<void>;
  /** Leaves the file to another process. The spool must not be used after that. */
  close(): void;
}

/**
 * Opens the file for this process alone and reads what an earlier process left in it. A last line that was cut off when
 * that process died is skipped: it was never acknowledged.
 * @throws SpoolError if another process has it or its folder cannot be written; an error if the file cannot be read
 */
export async function openSpool(path: string): Promise<Spool> {
  const lock = await lockSpool(path);
  try {
    return await readSpool(path, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function readSpool(path: string, close: () => void): Promise<Spool> {
  const draining = `${path}.draining`;
  const waiting = createWaitingCount();
  let previous: Promise<unknown> = Promise.resolve();
  for (const file of [draining, path]) for (const entry of await entriesIn(file)) waiting.add(entry);

  /** One step at a time: an entry is never written to a file that is just being put aside. */
  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = previous.then(work);
    previous = done.catch(() => undefined);
    return done;
  }

  return {
    get size() {
      return waiting.size;
    },
    holds: waiting.holds,
    append: (entry) =>
      inOrder(async () => {
        await appendLine(path, lineOf(entry));
        waiting.add(entry);
      }),
    async drain(enter) {
      for (;;) {
        await inOrder(() => moveAside(path, draining));
        const entries = await entriesIn(draining);
        if (entries.length === 0) return;
        for (const entry of entries) await enter(entry);
        await inOrder(() => rm(draining));
        for (const entry of entries) waiting.remove(entry);
      }
    },
    close,
  };
}

/** Counts the entries that wait, by decision. */
function createWaitingCount() {
  const byDecision = new Map<string, number>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    holds: (decisionId: string) => byDecision.has(decisionId),
    add(entry: Entry): void {
      const id = decisionIdOf(entry);
      byDecision.set(id, (byDecision.get(id) ?? 0) + 1);
      size += 1;
    },
    remove(entry: Entry): void {
      const id = decisionIdOf(entry);
      const count = byDecision.get(id);
      // An entry that could be neither kept nor taken back was never counted, but may still be in the file.
      if (count === undefined) return;
      if (count > 1) byDecision.set(id, count - 1);
      else byDecision.delete(id);
      size -= 1;
    },
  };
}

function decisionIdOf(entry: Entry): string {
  return entry.kind === 'settlement' ? entry.settlement.decisionId : entry.decision.id;
}

/**
 * Node's own format keeps bigints and maps; the digest tells a whole line from a truncated one. The entry starts on a
 * new line in case the one before was cut off.
 */
function lineOf(entry: Entry): string {
  const content = serialize(entry).toString('base64');
  return `\n${digestOf(content)} ${content}\n`;
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a', 0o600);
  try {
    await writeOrTruncate(file, line);
  } finally {
    await file.close();
  }
}

/**
 * A caller who is told that the entry was not kept acts on it: the query does not run, so it must not be entered later.
 */
async function writeOrTruncate(file: FileHandle, line: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.appendFile(line);
    await file.datasync();
  } catch (error) {
    // If the disk refuses this too, the first refusal already says why.
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
}

async function entriesIn(path: string): Promise<readonly Entry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    const [digest, content = ''] = line.split(' ');
    if (digest !== digestOf(content)) return [];
    // The digest shows that this program wrote the line.
    return [deserialize(Buffer.from(content, 'base64')) as Entry];
  });
}

/** If an earlier drain was interrupted, what it put aside stays where it is. */
async function moveAside(path: string, draining: string): Promise<void> {
  if ((await entriesIn(draining)).length > 0) return;
  try {
    await rename(path, draining);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
