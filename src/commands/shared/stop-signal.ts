import { once } from 'node:events';

/**
 * Resolves when the process is told to end: Ctrl-C, or SIGTERM from whoever runs it. Told again, it ends at once: nobody
 * listens any more.
 */
export async function stopSignal(): Promise<void> {
  const heard = new AbortController();
  const { signal } = heard;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  heard.abort();
}
