import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSeconds } from '../measure/process-usage.ts';
import { type Loaded, loadedSchema, type Order } from './order.ts';

export interface Driven extends Loaded {
  readonly answersPerSecond: number;
  /** Of the processes in the way and their children; 0 where there are none. */
  readonly cpuMicros: number;
}

/** So many dashboards' cards: each is priced when it is first sent. */
const QUERIES = Array.from(
  { length: 50 },
  (_, minute) =>
    'SELECT ticket_id, sender, body FROM `guardrail-demo.atendimento.messages` ' +
    `WHERE created_at >= TIMESTAMP '2026-09-01 00:${String(minute).padStart(2, '0')}:00' LIMIT 2000`,
);

/**
 * Sends queries on so many connections for so long, from a process of its own.
 * @param pids of what stands in the way
 * @throws Error where any of them fails
 */
export async function drive(
  { url, pids }: { readonly url: string; readonly pids: readonly number[] },
  load: { readonly connections: number; readonly seconds: number },
): Promise<Driven> {
  const order: Order = { url, ...load, queries: QUERIES };
  const cpu = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = cpu();
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'load.ts'),
    JSON.stringify(order),
  ]);
  const seconds = cpu() - before;
  const loaded = loadedSchema.parse(JSON.parse(stdout));
  if (loaded.failures > 0)
    throw new Error(`${loaded.failures} of ${loaded.answers} queries failed at ${url}`);
  return {
    ...loaded,
    answersPerSecond: loaded.answers / load.seconds,
    cpuMicros: (seconds * 1e6) / loaded.answers,
  };
}
