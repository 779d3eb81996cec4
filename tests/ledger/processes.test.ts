import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ledgerUrl } from './ledgers.ts';

/** Starting processes can take long on a busy machine; nothing here depends on how long. */
const PATIENCE_MS = 60_000;

const openingScript = join(import.meta.dirname, 'opening-process.ts');

/** A process that opens the ledgers it is told to, and answers what came of it. */
function startOpener(): (url: string) => Promise<string> {
  const child = spawn(process.execPath, [openingScript]);
  onTestFinished(() => {
    child.kill();
  });
  const answers = createInterface({ input: child.stdout });
  return async (url) => {
    const answer = once(answers, 'line');
    child.stdin.write(`${url}\n`);
    const [line] = await answer;
    return String(line);
  };
}

describe('several processes on one ledger', { timeout: PATIENCE_MS }, () => {
  test('create the tables of a new ledger once when all open it together', async () => {
    const openers = [1, 2, 3].map(() => startOpener());

    for (let round = 0; round < 10; round += 1) {
      const url = await ledgerUrl();
      const answers = await Promise.all(openers.map((open) => open(url)));

      expect(answers).toEqual(['opened', 'opened', 'opened']);
    }
  });
});
