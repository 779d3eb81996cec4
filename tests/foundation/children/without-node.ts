import { onTestFinished } from 'vitest';

/**
 * Until the end of the test, or until it is restored, no process can be started: as where a machine has no room for
 * more, which Node says by an event for some reasons, and throws for others.
 * @returns what restores it
 */
export function withoutNode(how: 'said' | 'thrown'): () => void {
  const { execPath } = process;
  const restore = () => {
    process.execPath = execPath;
  };
  process.execPath = how === 'said' ? '/nowhere/node' : 'no\0path';
  onTestFinished(restore);
  return restore;
}
