import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type ReadingProcessOptions,
  startReadingProcess,
} from '../../../src/sql/processes/reading-process.ts';
import { DEFAULT_LIMITS, type ReadingLimits } from '../../../src/sql/reading-limits.ts';
import { withoutNode } from '../../foundation/children/without-node.ts';
import { standStill } from '../../foundation/waiting/stand-still.ts';
import { codeThat, DAWDLES_MS } from './reading-code.ts';

/** Longer than a process takes to start on a busy machine; each process that hangs takes all of it. */
const START_MS = 6_000;

/** Longer than anything here takes. */
const PATIENT_MS = 60_000;

const TASK = {
  sql: 'SELECT x FROM e.t WHERE y = 1',
  defaults: { projectId: 'p', defaultDataset: { datasetId: 'd' } },
};

function started({
  limits,
  ...options
}: Partial<ReadingProcessOptions> & { limits?: Partial<ReadingLimits> }) {
  const replaced: string[] = [];
  const process = startReadingProcess(
    { ...DEFAULT_LIMITS, ...limits },
    {
      priority: 'usual',
      startMs: START_MS,
      onUp: () => undefined,
      onReplaced: (reason) => replaced.push(reason),
      ...options,
    },
  );
  onTestFinished(() => process.close());
  const read = async (waitMs = PATIENT_MS) => {
    const made = await process.read(TASK, waitMs).result;
    return made === null ? 'too late' : (made.reading.unreadReason ?? made.outcome);
  };
  return { process, read, replaced };
}

function isThere(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs the code in a process that nothing else keeps alive; Node exits with 13 if it awaits something that never comes. */
function runAlone(code: URL, lines: string) {
  const { href } = new URL('../../../src/sql/processes/reading-process.ts', import.meta.url);
  const program = `import { startReadingProcess } from ${JSON.stringify(href)};
    const nothing = () => undefined;
    const options = { priority: 'usual', code: new URL(${JSON.stringify(code)}), onUp: nothing, onReplaced: nothing };
    const process = startReadingProcess(${JSON.stringify(DEFAULT_LIMITS)}, options);
    ${lines}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: 30_000,
  });
}

describe('a reading process that hangs at its start', { timeout: 60_000 }, () => {
  const reason = `the process that was to read it was not ready within ${START_MS} ms`;

  test('is killed and replaced, even if no query waits', async () => {
    const code = await codeThat('hangs', 'reads');
    const { process, read, replaced } = started({ code: code.url });

    await process.up();

    const [hung, next] = await code.processes();
    expect(replaced).toEqual([reason]);
    await expect.poll(() => isThere(hung)).toBe(false);
    expect(isThere(next)).toBe(true);
    expect(await read()).toBe('polyglot');
  });

  test('keeps no query waiting longer than its wait, and its replacement reads those still waiting', async () => {
    const { read, process } = started({ code: (await codeThat('breaks', 'hangs', 'reads')).url });
    await process.up();

    const made = await Promise.all([read(), read(500), read(), read(600)]);

    expect(made).toEqual([
      expect.stringContaining('broke: it ended with 4'),
      'too late',
      'polyglot',
      'too late',
    ]);
  });
});

test('SQL being read when its wait ends is read to the end, and the query after it is too late', async () => {
  const { read, process } = started({ code: (await codeThat('dawdles')).url });
  await process.up();

  const made = await Promise.all([read(DAWDLES_MS / 4), read(DAWDLES_MS / 4)]);

  expect(made).toEqual(['polyglot', 'too late']);
}, 60_000);

test('SQL read while this process was blocked counts as read, even though its time is over', async () => {
  const { process, read, replaced } = started({ limits: { milliseconds: 1_000 } });
  await process.up();
  const reading = read();

  standStill(2_000);

  expect(await reading).toBe('polyglot');
  expect(replaced).toEqual([]);
}, 60_000);

test('SQL read second while this process was blocked counts as read, even though its wait is over', async () => {
  const { process, read } = started({});
  await process.up();
  const reading = [read(), read(1_000)];

  standStill(2_000);

  expect(await Promise.all(reading)).toEqual(['polyglot', 'polyglot']);
}, 60_000);

test('SQL that is too late keeps its place in the queue until the process has read it', async () => {
  const { process } = started({ code: (await codeThat('dawdles')).url });
  await process.up();
  const first = process.read(TASK, PATIENT_MS);
  const late = process.read(TASK, 1);
  const next = process.read(TASK, PATIENT_MS);
  const order: string[] = [];
  void late.result.then(() => order.push('late'));
  for (const [name, { done }] of Object.entries({ first, late, next })) {
    void done.then((made) => order.push(`${name} ${made?.outcome}`));
  }

  await next.done;

  expect(order).toEqual(['late', 'first polyglot', 'late polyglot', 'next polyglot']);
}, 60_000);

describe('a reading process that ends at its start', { timeout: 60_000 }, () => {
  test('leaves no waiting query unread: its replacement reads them', async () => {
    const { read, process, replaced } = started({ code: (await codeThat('breaks', 'ends', 'reads')).url });
    await process.up();

    const made = await Promise.all([read(), read(), read()]);

    expect(made).toEqual([expect.stringContaining('broke'), 'polyglot', 'polyglot']);
    expect(replaced).toEqual([
      expect.stringContaining('broke'),
      'the process that was to read it ended with 3',
    ]);
  });

  test.each([
    ['were sent while it started', ''],
    ['were sent after it ended', 'await new Promise((resolve) => setTimeout(resolve, 500));'],
  ])(
    'keeps the parent process alive for its replacement while queries wait that %s',
    async (_when, before) => {
      const { url } = await codeThat('ends', 'reads');

      const { stdout, status } = runAlone(
        url,
        `const read = () => process.read(${JSON.stringify(TASK)}, 60_000).result;
      ${before}
      const made = await Promise.all([read(), read()]);
      console.log(made.map(({ outcome }) => outcome).join());
      await process.close();`,
      );

      expect({ stdout, status }).toEqual({ stdout: 'polyglot,polyglot\n', status: 0 });
    },
  );

  test('does not keep the parent process alive if no query waits', async () => {
    const { url, processes } = await codeThat('ends');

    const { status } = runAlone(url, '');

    expect(status).toBe(0);
    expect(await processes()).toHaveLength(1);
  });

  test('is not restarted once it is closed', async () => {
    const code = await codeThat('ends');
    const { process } = started({ code: code.url });
    await expect.poll(code.processes).toHaveLength(1);

    await process.close();

    expect(await process.read(TASK, PATIENT_MS).result).toMatchObject({
      reading: { unreadReason: 'guardrail stops' },
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await code.processes()).toHaveLength(1);
  });
});

describe.each([
  ['reports that it cannot start', 'said'],
  ['cannot be started at all', 'thrown'],
] as const)('a process that %s', { timeout: 60_000 }, (_how, how) => {
  test('is restarted at growing intervals, and reads waiting queries once it starts', async () => {
    const restore = withoutNode(how);
    const { read, replaced } = started({});
    const startedAt = performance.now();

    const late = await read(200);
    await expect.poll(() => replaced, { timeout: 10_000 }).toHaveLength(3);
    const twiceAgainMs = performance.now() - startedAt;
    restore();

    expect(late).toBe('too late');
    // At least half a second until the second attempt, and another second until the third.
    expect(twiceAgainMs).toBeGreaterThan(1_500);
    expect(replaced[0]).toContain('the process that was to read it could not start: ');
    expect(await read()).toBe('polyglot');
  });
});
