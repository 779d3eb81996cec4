import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { errorMessage } from '../text/error-message.ts';

/** A process of its own, which is talked to by messages and keeps this one alive until it is idle. */
export interface Child {
  /** Where it cannot be sent, the process has ended or could not start, which is told. */
  send(message: Serializable): void;
  /** Keeps this process alive until the other answers. */
  awaitAnswer(): void;
  /** A process that has nothing to do is no reason for this one to go on. */
  idle(): void;
  /**
   * From here on it has what others leave, where there is not enough processor time for all. It goes on as it is
   * where a sandbox lets nobody set priorities.
   */
  lowerPriority(): void;
  /** Ends it at once, whatever it is doing. Settles when it is gone. */
  end(): Promise<void>;
}

/** Told after `startChild` has returned. */
export interface ChildEvents<Message> {
  onMessage(message: Message): void;
  /** @param how it ended, or that it could not start: `ended with SIGKILL` */
  onEnd(how: string): void;
}

export interface ChildOptions {
  /** What it finds in its arguments, which other users of a machine can see. */
  readonly args?: readonly string[];
  /** All that it knows of the environment, beside where Node keeps what it compiled, if it does. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What of its heap it may use; one that wants more ends, and this process does not. */
  readonly mostHeapMib: number;
}

/**
 * Where the code of a process lies: beside the module that starts it, as TypeScript among the sources and as JavaScript
 * in the bundle.
 * @param url of the module that starts it
 * @param name of its code, without an extension
 */
export function moduleBeside(url: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(url).pathname)}`, url);
}

/** Starts a module as a process. Never throws: that a machine lets none start is told as an end is. */
export function startChild<Message>(code: URL, options: ChildOptions, events: ChildEvents<Message>): Child {
  try {
    return childOf(forked(code, options), events);
  } catch (error) {
    // Node tells of some reasons by an event, and throws others: where there is no memory, for one.
    process.nextTick(events.onEnd, couldNotStart(error));
    return NOT_STARTED;
  }
}

const NOT_STARTED: Child = {
  send: () => undefined,
  awaitAnswer: () => undefined,
  idle: () => undefined,
  lowerPriority: () => undefined,
  end: async () => undefined,
};

function forked(code: URL, { args = [], env, mostHeapMib }: ChildOptions): ChildProcess {
  return fork(code, [...args], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${mostHeapMib}`, '--disable-warning=ExperimentalWarning'],
    env: { ...env, ...compileCache() },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** What one process has compiled, the next does not compile again. */
function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function childOf<Message>(child: ChildProcess, { onMessage, onEnd }: ChildEvents<Message>): Child {
  // What it sends is what its code says, which is this program's own.
  child.on('message', (message) => onMessage(message as Message));
  child.on('error', (error) => onEnd(couldNotStart(error)));
  child.on('exit', (code, signal) => onEnd(`ended with ${signal ?? code}`));
  return {
    send(message) {
      // One that could not start may have no channel at all.
      if (child.connected) child.send(message, () => undefined);
    },
    awaitAnswer() {
      child.ref();
      child.channel?.ref();
    },
    idle() {
      child.unref();
      child.channel?.unref();
    },
    lowerPriority: () => lowerPriority(child),
    end: () => endChild(child),
  };
}

function couldNotStart(error: unknown): string {
  return `could not start: ${errorMessage(error)}`;
}

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // What the system says, such as that it ended meanwhile; anything else is a fault of this code.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = Promise.withResolvers<void>();
  child.once('exit', () => gone.resolve());
  child.ref();
  child.kill('SIGKILL');
  await gone.promise;
}
