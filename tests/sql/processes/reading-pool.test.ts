import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createReadingPool } from '../../../src/sql/processes/reading-pool.ts';
import { DEFAULT_LIMITS } from '../../../src/sql/reading-limits.ts';
import { standStill } from '../../foundation/waiting/stand-still.ts';

const TASK = { sql: 'SELECT x FROM e.t WHERE y = 1', defaults: { projectId: 'p', defaultDataset: null } };

test('SQL at the head of the queue is read after this process was blocked, even though its wait is over', async () => {
  const pool = createReadingPool({
    limits: DEFAULT_LIMITS,
    processes: 1,
    waitMs: 1_000,
    onReplaced: () => undefined,
  });
  onTestFinished(() => pool.close());
  await pool.ready;
  const reading = ['ana', 'rui'].map((caller) => pool.read(TASK, caller));
  // The first query gets its turn, and is sent to the process.
  await setImmediate();

  standStill(2_000);

  expect((await Promise.all(reading)).map(({ outcome }) => outcome)).toEqual(['polyglot', 'polyglot']);
}, 60_000);
