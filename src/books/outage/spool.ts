import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { decisionIdOf, type Entry } from '../entries.ts';
import { isNotFound, lineOf, readLines, type SpoolLines } from './spool-lines.ts';
import { lockSpool } from './spool-lock.ts';

/** Lines of the spool that can no longer be read. */
export interface Damage {
  readonly lines: number;
  /** Where the file with them is kept. */
  readonly file: string;
}

/** A file that keeps entries for the books until the ledger is back. */
export interface Spool {
  /** Durable when it resolves. If it rejects, the entry is not kept, as far as the disk allows undoing the write. */
  append(entry: Entry): Promise<void>;
  /** Whether an entry of this decision is waiting. */
  holds(decisionId: string): boolean;
  /** How many entries are waiting, with the lines found at the start that cannot be read. */
  readonly size: number;
  /**
   * Hands every entry to `enter`, in order of arrival, and forgets them once all were taken. If it is interrupted, the
   * next call starts over, so `enter` must cope with an entry that comes twice. A file with damaged lines is kept under
   * another name.
   * @param onDamaged called with what was kept
   */
  drain(enter: (entry: Entry) => Promise<void>, onDamaged: (damage: Damage) => void): Promise<void>;
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
  const inOrder = createOrder();
  let damagedAtStart = 0;
  for (const file of [draining, path]) {
    const { entries, damaged } = await readLines(file);
    for (const entry of entries) waiting.add(entry);
    damagedAtStart += damaged;
  }

  async function next(): Promise<SpoolLines> {
    const lines = await moveAside(path, draining);
    if (isEmpty(lines)) {
      // Entries whose lines were damaged since they were appended wait no more.
      waiting.clear();
      damagedAtStart = 0;
    }
    return lines;
  }

  return {
    get size() {
      return waiting.size + damagedAtStart;
    },
    holds: waiting.holds,
    append: (entry) =>
      inOrder(async () => {
        await appendLine(path, lineOf(entry));
        waiting.add(entry);
      }),
    async drain(enter, onDamaged) {
      for (;;) {
        const lines = await inOrder(next);
        if (isEmpty(lines)) return;
        const { entries, damaged } = lines;
        for (const entry of entries) await enter(entry);
        if (damaged === 0) await inOrder(() => rm(draining));
        else onDamaged({ lines: damaged, file: await inOrder(() => keep(path, draining)) });
        for (const entry of entries) waiting.remove(entry);
      }
    },
    close,
  };
}

/** One step at a time: an entry is never written to a file that is just being put aside. */
function createOrder(): <T>(step: () => Promise<T>) => Promise<T> {
  let previous: Promise<unknown> = Promise.resolve();
  return (step) => {
    const done = previous.then(step);
    previous = done.catch(() => undefined);
    return done;
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
    clear(): void {
      byDecision.clear();
      size = 0;
    },
  };
}

async function appendLine(path: string, line: string): Promise<void> {
  await makeFolders(dirname(path));
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

/** What is to be entered next. If an earlier drain was interrupted, what it put aside comes first. */
async function moveAside(path: string, draining: string): Promise<SpoolLines> {
  const left = await readLines(draining);
  if (!isEmpty(left)) return left;
  try {
    await rename(path, draining);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return readLines(draining);
}

function isEmpty({ entries, damaged }: SpoolLines): boolean {
  return entries.length === 0 && damaged === 0;
}

/** Keeps the whole file: what its damaged lines still say may be found by a person, and all others come twice unharmed. */
async function keep(path: string, draining: string): Promise<string> {
  const kept = `${path}.damaged-${randomUUID()}`;
  await rename(draining, kept);
  return kept;
}
