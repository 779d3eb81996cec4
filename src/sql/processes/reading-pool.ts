import { type ReadingMade, STOPS, unknownWords, unread } from '../reading-made.ts';
import { createGivenUp, THROTTLED_REASON } from './given-up.ts';
import type { Turn } from './reading-lines.ts';
import { type Member, type MembersOptions, startMembers } from './reading-members.ts';
import type { ReadingTask } from './reading-process-main.ts';
import { createReadingTurns } from './reading-turns.ts';

/**
 * The reading processes. Callers take turns. If there are several processes, no caller gets all of them at once, and
 * the first one is for short SQL only, so that long SQL, whoever sends it, does not hold up what people write.
 */
export interface ReadingPool {
  /** Never rejects: an unread query says why. */
  read(task: ReadingTask, caller: string): Promise<ReadingMade>;
  /** Settles when the first process can read, or has failed to start. */
  readonly ready: Promise<void>;
  /** Why no reading process can start, after several attempts; null while one can read, or may do so yet. */
  startProblem(): string | null;
  close(): Promise<void>;
}

export interface ReadingPoolOptions extends MembersOptions {
  /**
   * The longest that a query waits until a process reads it, whether in the queue or for a process that is being
   * replaced.
   */
  readonly waitMs: number;
}

export function createReadingPool(options: ReadingPoolOptions): ReadingPool {
  const { waitMs } = options;
  const givenUp = createGivenUp();
  const members = startMembers(options, () => turns.next());
  const turns = createReadingTurns(members.all, { waitMs, knowsShort: options.processes > 1 });
  let isClosed = false;

  /**
   * Null if its reading did not begin in time. Its place at the process stays the caller's until nothing more can come
   * of it.
   */
  function readAt(
    member: Member,
    task: ReadingTask,
    { caller, leftMs }: { readonly caller: string; readonly leftMs: number },
  ): Promise<ReadingMade | null> {
    const { made, done } = member.process.read(task, leftMs);
    void done.then(async (came) => {
      if (came?.outcome === 'time') giveUp(caller, task.sql.length);
      await member.process.up();
      member.callers.splice(member.callers.indexOf(caller), 1);
      turns.next();
    });
    return made;
  }

  function giveUp(caller: string, characters: number): void {
    givenUp.add(caller, characters);
    turns.sendAway('throttled', (one) => givenUp.forbids(one.caller, one.characters));
  }

  return {
    ready: members.ready,
    startProblem: members.startProblem,
    async read(task, caller) {
      if (isClosed) return notRead('stops', task.sql, waitMs);
      const { length } = task.sql;
      const askedAt = performance.now();
      const turn = givenUp.forbids(caller, length) ? 'throttled' : await turns.wait(caller, length);
      if (typeof turn === 'string') return notRead(turn, task.sql, waitMs);
      const leftMs = Math.max(0, waitMs - (performance.now() - askedAt));
      const made = await readAt(turn, task, { caller, leftMs });
      return made ?? notRead('none free', task.sql, waitMs);
    },
    async close() {
      isClosed = true;
      turns.sendAway('stops', () => true);
      await members.close();
    },
  };
}

function notRead(why: Exclude<Turn, Member>, sql: string, waitMs: number): ReadingMade {
  const words = unknownWords(sql);
  switch (why) {
    case 'none free':
      return unread(words, 'wait', `no process was free to read it within ${waitMs} ms`);
    case 'throttled':
      return unread(words, 'throttled', THROTTLED_REASON);
    case 'stops':
      return unread(words, 'wait', STOPS);
  }
}
