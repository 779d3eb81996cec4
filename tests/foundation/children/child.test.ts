import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { moduleBeside, startChild } from '../../../src/foundation/children/child.ts';
import { withoutNode } from './without-node.ts';

describe('the code of another process', () => {
  test('is TypeScript beside the source that starts it', () => {
    const { href } = moduleBeside('file:///app/src/sql/processes/reading-process.ts', 'reading-process-main');

    expect(href).toBe('file:///app/src/sql/processes/reading-process-main.ts');
  });

  test('is JavaScript beside the part of the bundle that starts it', () => {
    const { href } = moduleBeside('file:///app/dist/serve-D4OBCh2r.js', 'reading-process-main');

    expect(href).toBe('file:///app/dist/reading-process-main.js');
  });
});

/** Code of a process, which none of these tests comes to. */
const CODE = new URL('../../../src/sql/processes/reading-process-main.ts', import.meta.url);

describe('a process that cannot start', () => {
  const told = (args: readonly string[] = []) => {
    const ended = Promise.withResolvers<string>();
    const child = startChild(
      CODE,
      { args, env: {}, maxHeapMib: 64 },
      { onMessage: () => undefined, onEnd: ended.resolve },
    );
    onTestFinished(() => child.end());
    return { child, ended: ended.promise };
  };

  test.each(['said', 'thrown'] as const)(
    'is told of as one that has ended, where that is %s',
    async (how) => {
      withoutNode(how);

      const { child, ended } = told();
      child.ref();
      child.send('a message');
      child.lowerPriority();
      child.unref();

      expect(await ended).toMatch(/^could not start: /);
      await child.end();
    },
  );

  test('is reported if the system starts no process of this kind', async () => {
    const { ended } = told(['x'.repeat(1 << 20)]);

    expect(await ended).toBe('could not start: spawn E2BIG');
  });

  test('is reported if no more files can be opened, and can be called without harm', () => {
    const { href } = new URL('../../../src/foundation/children/child.ts', import.meta.url);
    const program = `import { openSync } from 'node:fs';
      import { startChild } from ${JSON.stringify(href)};
      try { for (;;) openSync('/dev/null', 'r'); } catch {}
      const onEnd = (how) => process.stdout.write(how);
      const child = startChild(new URL(${JSON.stringify(CODE)}), { env: {}, maxHeapMib: 64 }, { onMessage() {}, onEnd });
      child.send('a message');
      child.unref();
      await child.end();`;

    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 64 && exec "$0" "$@"', process.execPath, '--input-type=module', '--eval', program],
      { encoding: 'utf8', timeout: 30_000 },
    );

    expect({ stdout, stderr, status }).toEqual({
      stdout: expect.stringMatching(/^could not start: .*EMFILE/),
      stderr: '',
      status: 0,
    });
  });
});
