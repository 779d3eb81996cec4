import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A server that is measured, in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Where it answers. */
  readonly url: string;
  /** SIGTERM, and SIGKILL where it does not end. */
  stop(): Promise<void>;
}

export interface GuardProcess extends ServerProcess {
  readonly opsUrl: string;
}

export interface HowStarted {
  /** Of Node itself, such as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface HowGuardStarted {
  /** Of Node itself: those of the container, unless others are named. */
  readonly nodeArgs?: readonly string[];
  /** The module that is the command line: that of the sources, unless another is named. */
  readonly main?: string;
}

const MAX_START_MS = 60_000;
const MAX_END_MS = 40_000;

const urlLine = z.object({ url: z.string() });
const readyLine = z.object({ proxy: z.string(), ops: z.string() });

/** @param args a module that says `{"url": …}` in a line once it listens, and what it is given */
export async function startServer(args: readonly string[], how: HowStarted = {}): Promise<ServerProcess> {
  const { child, stop } = startNode(args, how, ['ignore', 'pipe', 'inherit']);
  const { url } = await firstLine(child, child.stdout, urlLine);
  return { pid: pidOf(child), url, stop };
}

/** Such as a module starts with that `startServer` runs. */
export function reportUrl(url: string): void {
  process.stdout.write(`${JSON.stringify({ url })}\n`);
}

/**
 * `guardrail serve` on free ports, ready to guard.
 * @param env its settings, but for where it listens
 */
export async function startGuard(
  env: Readonly<Record<string, string>>,
  { nodeArgs, main = 'src/main.ts' }: HowGuardStarted = {},
): Promise<GuardProcess> {
  const listening = { GUARDRAIL_LISTEN: '127.0.0.1:0', GUARDRAIL_OPS_LISTEN: '127.0.0.1:0' };
  const { child, stop } = startNode(
    [main, 'serve'],
    { nodeArgs: nodeArgs ?? (await nodeArgsOfContainer()), env: { ...listening, ...env } },
    ['ignore', 'ignore', 'pipe'],
  );
  const { proxy, ops } = await firstLine(child, child.stderr, readyLine);
  await untilReady(`${ops}/readyz`);
  return { pid: pidOf(child), url: proxy, opsUrl: ops, stop };
}

/** What stands between `node` and the program where the Dockerfile says how to start. */
async function nodeArgsOfContainer(): Promise<readonly string[]> {
  const [, command = ''] = /^CMD (.*)$/m.exec(await readFile('Dockerfile', 'utf8')) ?? [];
  const [, ...args] = z.array(z.string()).parse(JSON.parse(command));
  return args.slice(0, args.indexOf('dist/main.js'));
}

function startNode(
  args: readonly string[],
  { nodeArgs = [], env = {} }: HowStarted,
  stdio: ('ignore' | 'pipe' | 'inherit')[],
) {
  const child = spawn(process.execPath, [...nodeArgs, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio,
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), MAX_END_MS);
    await ended;
    clearTimeout(timer);
  };
  return { child, stop };
}

/** The first line that says what is waited for; what comes before and behind it is let go by. */
async function firstLine<T>(child: ChildProcess, output: Readable | null, schema: z.ZodType<T>): Promise<T> {
  if (output === null) throw new Error('the output of the process was not asked for');
  const lines: string[] = [];
  const timer = setTimeout(() => child.kill('SIGKILL'), MAX_START_MS);
  const reader = createInterface({ input: output });
  try {
    for await (const line of reader) {
      const said = schema.safeParse(parsed(line));
      if (said.success) return said.data;
      lines.push(line);
    }
  } finally {
    clearTimeout(timer);
    reader.close();
    output.resume();
  }
  throw new Error(`A process ended before it was ready:\n${lines.join('\n')}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line for people.
    return null;
  }
}

async function untilReady(url: string): Promise<void> {
  const endMs = performance.now() + MAX_START_MS;
  while (performance.now() < endMs) {
    const response = await fetch(url);
    await response.arrayBuffer();
    if (response.ok) return;
    await sleep(5);
  }
  throw new Error(`${url} did not say that it is ready.`);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process could not start');
  return pid;
}
