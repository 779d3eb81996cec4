import { createFairLine } from '../vocabulary/fair-line.ts';
import { createGivenUp, THROTTLED_REASON } from './given-up.ts';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, unknownWords, unread } from './reading-made.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';
import type { ReadingTask } from './reading-process-main.ts';

/**
 * The processes that read. Callers take turns at them. Where there are several, no caller has all of them at once, and
 * the first is for short SQL alone, so that no long SQL, whosever it is, holds up what people write.
 */
export interface ReadingPool {
  /** Never rejects: what is not read says why. */
  read(task: ReadingTask, caller: string): Promise<ReadingMade>;
  /** Settles when the first process can read, or cannot. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface ReadingPoolOptions {
  readonly limits: ReadingLimits;
  /** How many queries are read at once. */
  readonly processes: number;
  /** How long a query waits for one at most. */
  readonly waitMs: number;
  /** Told of each process that hung or broke. */
  readonly onReplaced: (reason: string) => void;
}

/** So much is read in milliseconds, or some tens where it is made to hurt, and few people write more. */
const MOST_CHARACTERS_OF_SHORT = 8_192;

/**
 * So many of them are given to a process at once: between one and the next stands a turn of this process, which may
 * take longer than to read it.
 */
const SHORT_AT_ONCE = 4;

/** One of the processes, and whose queries it has. */
interface Member {
  readonly process: ReadingProcess;
  readonly isForShort: boolean;
  /** How many queries it is given at once. */
  readonly capacity: number;
  /** One that has to be replaced stays theirs until the next can read. */
  readonly callers: string[];
}

/** Where to read, or why nowhere. */
type Turn = Member | 'none free' | 'throttled';

/** One query that waits for its turn. */
interface Waiting {
  readonly caller: string;
  readonly characters: number;
  begin(turn: Turn): void;
}

export function createReadingPool(options: ReadingPoolOptions): ReadingPool {
  const { limits, waitMs } = options;
  const givenUp = createGivenUp();
  const long = createFairLine<Waiting>();
  const short = createFairLine<Waiting>();
  const ready = Promise.withResolvers<void>();
  const knowsShort = options.processes > 1;
  let isClosed = false;
  const members = [startMember(0)];
  // Each takes a core while it starts: one alone can read sooner, and so can whoever waits for it.
  void ready.promise.then(() => {
    while (!isClosed && members.length < options.processes) members.push(startMember(members.length));
  });
  return {
    ready: ready.promise,
    async read(task, caller) {
      const { length } = task.sql;
      const turn = givenUp.forbids(caller, length) ? 'throttled' : await turnOf(caller, length);
      if (typeof turn === 'string') return notRead(turn, task.sql);
      const made = await turn.process.read(task);
      void turn.process.up().then(() => leave(turn, caller));
      if (made.outcome === 'time') giveUp(caller, length);
      return made;
    },
    async close() {
      isClosed = true;
      for (const one of everyoneWaiting()) one.begin('none free');
      await Promise.all(members.map(({ process }) => process.close()));
    },
  };

  function startMember(index: number): Member {
    const isForShort = knowsShort && index === 0;
    const process = startReadingProcess(limits, {
      // The process that guards comes first, and what reads short SQL for it.
      priority: index === 0 ? 'usual' : 'low',
      onUp() {
        ready.resolve();
        beginNext();
      },
      onReplaced(reason) {
        ready.resolve();
        options.onReplaced(reason);
      },
    });
    return { process, isForShort, capacity: isForShort ? SHORT_AT_ONCE : 1, callers: [] };
  }

  function notRead(why: Exclude<Turn, Member>, sql: string): ReadingMade {
    const words = unknownWords(sql);
    return why === 'none free'
      ? unread(words, 'wait', `no process was free to read it within ${waitMs} ms`)
      : unread(words, 'throttled', THROTTLED_REASON);
  }

  /** What waits and is not to be read any more has its answer now. */
  function giveUp(caller: string, characters: number): void {
    givenUp.add(caller, characters);
    for (const one of everyoneWaiting()) {
      if (givenUp.forbids(one.caller, one.characters)) one.begin('throttled');
    }
  }

  function turnOf(caller: string, characters: number): Promise<Turn> {
    const line = knowsShort && characters > MOST_CHARACTERS_OF_SHORT ? long : short;
    return new Promise((resolve) => {
      const one: Waiting = {
        caller,
        characters,
        begin(turn) {
          clearTimeout(timer);
          line.leave(one, { hadTurn: typeof turn !== 'string' });
          resolve(turn);
        },
      };
      const timer = setTimeout(one.begin, waitMs, 'none free');
      line.join(one);
      beginNext();
    });
  }

  function leave({ callers }: Member, caller: string): void {
    callers.splice(callers.indexOf(caller), 1);
    beginNext();
  }

  function beginNext(): void {
    for (const member of members) {
      for (let next = nextFor(member); next !== null; next = nextFor(member)) {
        member.callers.push(next.caller);
        next.begin(member);
      }
    }
  }

  function nextFor({ process, isForShort, capacity, callers }: Member): Waiting | null {
    if (isClosed || !process.isUp || callers.length >= capacity) return null;
    const alike = members.filter((member) => member.isForShort === isForShort);
    const mayBegin = (caller: string) => mayHaveOneMore(caller, alike);
    return (isForShort ? null : long.head(mayBegin)) ?? short.head(mayBegin);
  }

  function everyoneWaiting(): readonly Waiting[] {
    return [...long.everyone(), ...short.everyone()];
  }
}

/** No caller has all that short SQL is given to, nor all that long SQL is given to. */
function mayHaveOneMore(caller: string, members: readonly Member[]): boolean {
  let all = 0;
  let own = 0;
  for (const { capacity, callers } of members) {
    all += capacity;
    for (const one of callers) if (one === caller) own += 1;
  }
  return own < Math.max(1, all - 1);
}
