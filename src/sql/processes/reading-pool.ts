import { type ReadResult, STOPPING_REASON, unknownTokenSummary, unreadResult } from '../read-result.ts';
import { createReadTimeouts, THROTTLED_REASON } from './read-timeouts.ts';
import { type Member, type MembersOptions, startMembers } from './reading-members.ts';
import type { ReadingTask } from './reading-process-main.ts';
import type { Turn } from './reading-queue.ts';
import { createReadingTurns } from './reading-turns.ts';

/**
 * The reading processes. Callers take turns. If there are several processes, no caller gets all of them at once, and
 * the first one is for short SQL only, so that long SQL, whoever sends it, does not hold up what people write.
 */
export interface ReadingPool {
  /** Never rejects: an unread query says why. */
  read(task: ReadingTask, caller: string): Promise<ReadResult>;
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
  const timeouts = createReadTimeouts();
  const members = startMembers(options, () => turns.next());
  const turns = createReadingTurns(members.all, { waitMs, hasShortOnly: options.processes > 1 });
  let isClosed = false;

  /**
   * Null if its reading did not begin in time. Its place at the process stays the caller's until nothing more can come
   * of it.
   */
  function readWith(
    member: Member,
    task: ReadingTask,
    { caller, remainingMs }: { readonly caller: string; readonly remainingMs: number },
  ): Promise<ReadResult | null> {
    const { result, done } = member.process.read(task, remainingMs);
    void done.then(async (finished) => {
      if (finished?.outcome === 'time') giveUp(caller, task.sql.length);
      await member.process.up();
      member.callers.splice(member.callers.indexOf(caller), 1);
      turns.next();
    });
    return result;
  }

  function giveUp(caller: string, characters: number): void {
    timeouts.add(caller, characters);
    turns.sendAway('throttled', (entry) => timeouts.isThrottled(entry.caller, entry.characters));
  }

  return {
    ready: members.ready,
    startProblem: members.startProblem,
    async read(task, caller) {
      if (isClosed) return notRead('stops', task.sql, waitMs);
      const { length } = task.sql;
      const startedAt = performance.now();
      const turn = timeouts.isThrottled(caller, length) ? 'throttled' : await turns.wait(caller, length);
      if (typeof turn === 'string') return notRead(turn, task.sql, waitMs);
      const remainingMs = Math.max(0, waitMs - (performance.now() - startedAt));
      const result = await readWith(turn, task, { caller, remainingMs });
      return result ?? notRead('none free', task.sql, waitMs);
    },
    async close() {
      isClosed = true;
      turns.sendAway('stops', () => true);
      await members.close();
    },
  };
}

function notRead(why: Exclude<Turn, Member>, sql: string, waitMs: number): ReadResult {
  const tokenSummary = unknownTokenSummary(sql);
  switch (why) {
    case 'none free':
      return unreadResult(tokenSummary, 'wait', `no process was free to read it within ${waitMs} ms`);
    case 'throttled':
      return unreadResult(tokenSummary, 'throttled', THROTTLED_REASON);
    case 'stops':
      return unreadResult(tokenSummary, 'wait', STOPPING_REASON);
  }
}
