/**
 * Sends SQL that is made to hurt through the reader that the proxy has, and prints how each was read, how long it
 * took, and for how long the main loop stood still at most: `node tests/bench/adversarial.ts`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { createReader } from '../../src/sql/processes/reader.ts';
import type { ReadingOutcome } from '../../src/sql/read-result.ts';
import { DEFAULT_LIMITS } from '../../src/sql/reading-limits.ts';
import { ADVERSARIAL } from '../sql/adversarial.ts';

let last: ReadingOutcome | 'cached' = 'cached';
const reader = createReader({
  limits: DEFAULT_LIMITS,
  processes: 1,
  waitMs: 60_000,
  onReading(outcome) {
    last = outcome;
  },
});
await reader.ready;
const defaults = { projectId: 'p', defaultDataset: null };
console.log('| SQL | characters | outcome | ms | main loop stood still, ms |\n|---|--:|---|--:|--:|');
for (const [what, sql] of ADVERSARIAL) {
  // Waits for the process that replaces the last one, so that each is measured alone.
  await reader.read(`SELECT '${what}'`, defaults);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startedAt = performance.now();
  await reader.read(sql, defaults);
  const ms = performance.now() - startedAt;
  // The turn that was held up is only told in the next.
  await setTimeout(5);
  delay.disable();
  console.log(`| ${what} | ${sql.length} | ${last} | ${ms.toFixed(1)} | ${(delay.max / 1e6).toFixed(1)} |`);
}
await reader.close();
