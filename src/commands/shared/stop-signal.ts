import { once } from 'node:events';

/**
 * Resolves when the process is told to end: by Ctrl-C, or by SIGTERM from its supervisor. The second time, it ends at
 * once, since nothing listens any more.
 */
export async function untilStopped(): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  waiting.abort();
}
