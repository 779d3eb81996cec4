import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import type { House } from './guardrail.ts';

/** A proxy process that is killed and started again, always at the same address. */
export interface ProxyProcess {
  readonly url: string;
  readonly opsUrl: string;
  /** The process that runs now; undefined before the first start. */
  pid(): number | undefined;
  /** SIGKILL: it hears nothing and writes nothing more. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** SIGTERM: it ends what is under way. */
  stop(): Promise<void>;
}

/** @param environment its settings, but for where it listens */
export async function createProxy(environment: Readonly<Record<string, string>>): Promise<ProxyProcess> {
  const [port, opsPort] = [await freePort(), await freePort()];
  let child: ChildProcess | null = null;

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    opsUrl: `http://127.0.0.1:${opsPort}`,
    pid: () => child?.pid,
    async start() {
      child = spawn(process.execPath, ['src/main.ts', 'serve'], {
        env: {
          PATH: process.env['PATH'],
          GUARDRAIL_LISTEN: `127.0.0.1:${port}`,
          GUARDRAIL_OPS_LISTEN: `127.0.0.1:${opsPort}`,
          GUARDRAIL_LOG_LEVEL: 'error',
          ...environment,
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await untilReady(`http://127.0.0.1:${opsPort}/readyz`, child);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error(`A proxy ended with ${child.exitCode} before it was ready.`);
}

/**
 * Starts a second guardrail, with the policies and the ledger of a house and a spool of its own.
 * @param settings those in which it differs, as environment variables
 */
export async function startBeside(
  house: House,
  settings: Readonly<Record<string, string>> = {},
): Promise<ProxyProcess> {
  const other = await createProxy({
    GUARDRAIL_UPSTREAM: house.sandbox().url,
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_LEDGER: house.ledger(),
    GUARDRAIL_LEDGER_SPOOL: `${house.policies()}/../other-spool.jsonl`,
    GUARDRAIL_TOKEN_INFO_URL: '',
    ...settings,
  });
  await other.start();
  return other;
}
