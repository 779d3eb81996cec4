import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { errorCode } from '../text/error-code.ts';
import { errorMessage } from '../text/error-message.ts';

/** A child process, which communicates by messages and keeps this process alive until it is idle. */
export interface Child {
  /** If it cannot be sent, the process has ended or could not start, which is reported. */
  send(message: Serializable): void;
  /** Keeps this process alive until the child answers. */
  ref(): void;
  /** A child with nothing to do does not keep this process alive. */
  unref(): void;
  /**
   * From now on it gets the processor time that others leave. If a sandbox forbids setting priorities, it goes on
   * unchanged.
   */
  lowerPriority(): void;
  /** Ends it at once, whatever it is doing. Settles when it is gone. */
  end(): Promise<void>;
}

/** Called only after `startChild` has returned. */
export interface ChildEvents<Message> {
  onMessage(message: Message): void;
  /** @param reason how it ended, or that it could not start: `ended with SIGKILL` */
  onEnd(reason: string): void;
}

export interface ChildOptions {
  /** Its arguments, which other users of the machine can see. */
  readonly args?: readonly string[];
  /** Its whole environment, apart from the location of Node's compile cache, if there is one. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Its heap limit; a child that needs more ends, without affecting this process. */
  readonly maxHeapMib: number;
}

/**
 * The location of a process's code: beside the module that starts it, as TypeScript in the sources and as JavaScript in
 * the bundle.
 * @param url of the module that starts it
 * @param name of its code, without an extension
 */
export function moduleBeside(url: string, name: string): URL {
  return new URL(`./${name}${extname(new URL(url).pathname)}`, url);
}

/** Starts a module as a process. Never throws: if the machine cannot start one, that is reported like an end. */
export function startChild<Message>(code: URL, options: ChildOptions, events: ChildEvents<Message>): Child {
  try {
    return childOf(forkProcess(code, options), events);
  } catch (error) {
    // Node reports some causes by an event, and throws others, for example if there is no memory.
    process.nextTick(events.onEnd, startFailure(error));
    return NOT_STARTED;
  }
}

const NOT_STARTED: Child = {
  send: () => undefined,
  ref: () => undefined,
  unref: () => undefined,
  lowerPriority: () => undefined,
  end: async () => undefined,
};

function forkProcess(code: URL, { args = [], env, maxHeapMib }: ChildOptions): ChildProcess {
  return fork(code, [...args], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${maxHeapMib}`, '--disable-warning=ExperimentalWarning'],
    env: { ...env, ...compileCache() },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** What one process has compiled, the next need not compile again. */
function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function childOf<Message>(child: ChildProcess, { onMessage, onEnd }: ChildEvents<Message>): Child {
  // Its messages come from this program's own code.
  child.on('message', (message) => onMessage(message as Message));
  child.on('error', (error) => onEnd(startFailure(error)));
  child.on('exit', (code, signal) => onEnd(`ended with ${signal ?? code}`));
  return {
    send(message) {
      // One that could not start may have no channel at all.
      if (child.connected) child.send(message, () => undefined);
    },
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref() {
      child.unref();
      child.channel?.unref();
    },
    lowerPriority: () => lowerPriority(child),
    end: () => endChild(child),
  };
}

function startFailure(error: unknown): string {
  return `could not start: ${errorMessage(error)}`;
}

function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // A system error, for example that it ended meanwhile; anything else is a fault in this code.
    if (errorCode(error) === null) throw error;
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
