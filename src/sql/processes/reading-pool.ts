import { startTimeLimit } from '../../waiting/time-limit.ts';
import { type ReadingMade, STOPS, unknownWords, unread } from '../reading-made.ts';
import { createGivenUp, THROTTLED_REASON } from './given-up.ts';
import { createReadingLines, type Turn, type Waiting } from './reading-lines.ts';
import { isFree, type Member, type MembersOptions, mayHaveOneMore, startMembers } from './reading-members.ts';
import type { ReadingTask } from './reading-process-main.ts';

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
  const lines = createReadingLines(options.processes > 1);
  const members = startMembers(options, beginNext);
  let isClosed = false;
  return {
    ready: members.ready,
    startProblem: members.startProblem,
    async read(task, caller) {
      if (isClosed) return notRead('stops', task.sql, waitMs);
      const { length } = task.sql;
      const askedAt = performance.now();
      const turn = givenUp.forbids(caller, length) ? 'throttled' : await turnOf(caller, length);
      if (typeof turn === 'string') return notRead(turn, task.sql, waitMs);
      const leftMs = Math.max(0, waitMs - (performance.now() - askedAt));
      const made = await readAt(turn, task, { caller, leftMs });
      return made ?? notRead('none free', task.sql, waitMs);
    },
    async close() {
      isClosed = true;
      for (const one of lines.everyone()) one.begin('stops');
      await members.close();
    },
  };

  function turnOf(caller: string, characters: number): Promise<Turn> {
    return new Promise((resolve) => {
      const one: Waiting = {
        caller,
        characters,
        begin(turn) {
          limit.end();
          lines.leave(one, { hadTurn: typeof turn !== 'string' });
          resolve(turn);
        },
      };
      const limit = startTimeLimit(waitMs, () => one.begin('none free'), { keepsAlive: true });
      lines.join(one);
      beginNext();
    });
  }

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
      beginNext();
    });
    return made;
  }

  /** Whatever still waits gets its answer now. */
  function giveUp(caller: string, characters: number): void {
    givenUp.add(caller, characters);
    for (const one of lines.everyone()) {
      if (givenUp.forbids(one.caller, one.characters)) one.begin('throttled');
    }
  }

  function beginNext(): void {
    for (const member of members.all) {
      for (let next = nextFor(member); next !== null; next = nextFor(member)) {
        member.callers.push(next.caller);
        next.begin(member);
      }
    }
  }

  function nextFor(member: Member): Waiting | null {
    if (!isFree(member)) return null;
    const alike = members.all.filter(({ isForShort }) => isForShort === member.isForShort);
    return lines.head(member.isForShort, (caller) => mayHaveOneMore(caller, alike));
  }
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
