import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/sql/limits.ts';
import { type ReadingProcessOptions, startReadingProcess } from '../../src/sql/reading-process.ts';
import { codeThat } from './reading-code.ts';

/** Longer than a process takes on a busy machine; each that hangs takes all of it. */
const START_MS = 6_000;

const TASK = {
  sql: 'SELECT x FROM e.t WHERE y = 1',
  defaults: { projectId: 'p', defaultDataset: { datasetId: 'd' } },
};

function started(options: Partial<ReadingProcessOptions>) {
  const replaced: string[] = [];
  const process = startReadingProcess(DEFAULT_LIMITS, {
    priority: 'usual',
    startMs: START_MS,
    onUp: () => undefined,
    onReplaced: (reason) => replaced.push(reason),
    ...options,
  });
  onTestFinished(() => process.close());
  const read = async () => {
    const { outcome, reading } = await process.read(TASK);
    return reading.unreadReason ?? outcome;
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

/** In a process that nothing else keeps alive, and that Node ends with 13 where it waits for what never comes. */
function runAlone(code: URL, lines: string) {
  const { href } = new URL('../../src/sql/reading-process.ts', import.meta.url);
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

describe('a process that hangs as it starts', { timeout: 60_000 }, () => {
  const reason = `the process that was to read it was not ready within ${START_MS} ms`;

  test('is ended, and another takes its place, though nobody waits', async () => {
    const code = await codeThat('hangs', 'reads');
    const { process, read, replaced } = started({ code: code.url });

    await process.up();

    const [hung, next] = await code.processes();
    expect(replaced).toEqual([reason]);
    await expect.poll(() => isThere(hung)).toBe(false);
    expect(isThere(next)).toBe(true);
    expect(await read()).toBe('polyglot');
  });

  test('leaves all unread that waits for it, and nothing that is asked of the next', async () => {
    const { read, process } = started({ code: (await codeThat('breaks', 'hangs', 'reads')).url });
    await process.up();

    const made = await Promise.all([read(), read(), read()]);

    expect(made).toEqual([expect.stringContaining('broke: it ended with 4'), reason, reason]);
    expect(await read()).toBe('polyglot');
  });
});

describe('a process that ends as it starts', { timeout: 60_000 }, () => {
  test('leaves one query unread, and the next reads the others', async () => {
    const { read, process, replaced } = started({ code: (await codeThat('breaks', 'ends', 'reads')).url });
    await process.up();

    const made = await Promise.all([read(), read(), read()]);

    expect(made).toEqual([
      expect.stringContaining('broke'),
      'the process that was to read it ended with 3',
      'polyglot',
    ]);
    expect(replaced).toEqual([
      expect.stringContaining('broke'),
      'the process that was to read it ended with 3',
    ]);
  });

  test.each([
    ['were asked as it started', ''],
    ['are asked after it has ended', 'await new Promise((resolve) => setTimeout(resolve, 500));'],
  ])('keeps this one alive for the next while queries wait that %s', async (_when, before) => {
    const { url } = await codeThat('ends', 'reads');

    const { stdout, status } = runAlone(
      url,
      `const read = () => process.read(${JSON.stringify(TASK)});
      ${before}
      const made = await Promise.all([read(), read()]);
      console.log(made.map(({ outcome }) => outcome).join());
      await process.close();`,
    );

    expect({ stdout, status }).toEqual({ stdout: 'failure,polyglot\n', status: 0 });
  });

  test('is no reason for this one to go on while nothing waits', async () => {
    const { url, processes } = await codeThat('ends');

    const { status } = runAlone(url, '');

    expect(status).toBe(0);
    expect(await processes()).toHaveLength(1);
  });

  test('is not tried again once it is closed', async () => {
    const code = await codeThat('ends');
    const { process } = started({ code: code.url });
    await expect.poll(code.processes).toHaveLength(1);

    await process.close();

    expect(await process.read(TASK)).toMatchObject({ reading: { unreadReason: 'the guardrail stops' } });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await code.processes()).toHaveLength(1);
  });
});
