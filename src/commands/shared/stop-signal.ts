import { once } from 'node:events';

/**
 * Resolves when the process is told to end: by Ctrl-C, or by SIGTERM from its supervisor. The second time, it ends at
 * once, since nothing listens any more.
 */
export async function stopSignal(): Promise<void> {
  const heard = new AbortController();
  const { signal } = heard;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  heard.abort();
}
