import { once } from 'node:events';

/** Resolves when the process is told to end: Ctrl-C, or SIGTERM from whoever runs it. */
export async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
