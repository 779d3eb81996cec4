import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';

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

/** Starts a module as a process of its own, which is talked to by messages and keeps this one alive until it is idle. */
export function startChild(code: URL, { args = [], env, mostHeapMib }: ChildOptions): ChildProcess {
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

/** @param told how it ended, or that it could not start: `ended with SIGKILL` */
export function onChildEnd(child: ChildProcess, told: (how: string) => void): void {
  child.on('error', (error) => told(`could not start: ${error.message}`));
  child.on('exit', (code, signal) => told(`ended with ${signal ?? code}`));
}

/** Keeps this process alive until the other answers. */
export function awaitChild(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** A process that has nothing to do is no reason for this one to go on. */
export function idleChild(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

/**
 * From here on a process has what others leave, where there is not enough processor time for all. It goes on as it is
 * where a sandbox lets nobody set priorities.
 */
export function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // What the system says, such as that it ended meanwhile; anything else is a fault of this code.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/** Ends a process at once, whatever it is doing. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = Promise.withResolvers<void>();
  child.once('exit', () => gone.resolve());
  child.ref();
  child.kill('SIGKILL');
  await gone.promise;
}
