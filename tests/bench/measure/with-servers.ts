import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerProcess } from './server-process.ts';

/** The servers of one bench. */
export interface BenchServers {
  /** What the servers keep lies here, and is gone in the end. */
  readonly folder: string;
  /** Waits until a server has started, and sees to it that it ends, the last one first. */
  start<T extends ServerProcess | null>(starting: Promise<T>): Promise<T>;
}

/** The modules that run as servers of a bench. */
export function serverModule(name: string): string {
  return join(import.meta.dirname, '..', 'servers', `${name}.ts`);
}

/** Measures with servers that live no longer than it takes. */
export async function withServers<T>(measure: (servers: BenchServers) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-bench-'));
  const started: ServerProcess[] = [];
  try {
    return await measure({
      folder,
      async start(starting) {
        const server = await starting;
        if (server !== null) started.unshift(server);
        return server;
      },
    });
  } finally {
    for (const server of started) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
