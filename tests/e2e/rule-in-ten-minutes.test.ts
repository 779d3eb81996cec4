import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasLine } from '../docs/places.ts';
import { freePort } from '../free-port.ts';

/** A command block of the page, and the output that the page shows for it. */
interface Step {
  readonly commands: string;
  readonly inBackground: boolean;
  readonly expected: readonly string[];
}

const steps = stepsOf(await readFile('docs/rule-in-ten-minutes.md', 'utf8'));

function stepsOf(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/^```(sh background|sh|text)\n(.*?)^```$/gms)];
  return blocks.flatMap(([, kind, commands = ''], index) => {
    if (kind === 'text') return [];
    const next = blocks[index + 1];
    const expected = next?.[1] === 'text' ? (next[2] ?? '').split('\n').filter((line) => line !== '') : [];
    return [{ commands, inBackground: kind === 'sh background', expected }];
  });
}

/** Runs the steps in one shell, in a new folder and on their own ports. @returns each step's output, up to the first that fails */
async function run(): Promise<{ readonly outputs: readonly string[]; readonly problems: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-page-'));
  const [proxy, ops, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  const script = steps
    .map(({ commands, inBackground }, index) => {
      const own = commands.replaceAll(':8080', `:${proxy}`).replaceAll(':9050', `:${sandbox}`);
      if (!inBackground) return `${own}\necho '=== ${index}'\n`;
      const started = own.trim().replace('guardrail demo', `guardrail demo --sandbox-port ${sandbox}`);
      const ready = `http://127.0.0.1:${sandbox}/bigquery/v2/projects`;
      const wait = `until curl -s -o /dev/null ${ready}; do sleep 0.2; done`;
      return `${started} > demo.log 2>&1 &\n${wait}\necho '=== ${index}'\n`;
    })
    .join('');
  await writeFile(join(folder, 'page.sh'), script);
  const shell = spawn('bash', ['-eu', 'page.sh'], {
    cwd: folder,
    // Its own process group, so that background processes end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GUARDRAIL: process.cwd(),
      GUARDRAIL_LISTEN: `127.0.0.1:${proxy}`,
      GUARDRAIL_OPS_LISTEN: `127.0.0.1:${ops}`,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'Ana',
      GIT_CONFIG_KEY_1: 'user.email',
      GIT_CONFIG_VALUE_1: 'ana@example.com',
    },
  });
  let output = '';
  let problems = '';
  shell.stdout.on('data', (part: Buffer) => {
    output += part;
  });
  shell.stderr.on('data', (part: Buffer) => {
    problems += part;
  });
  await once(shell, 'exit');
  if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return { outputs: output.split(/^=== \d+\n/m).slice(0, -1), problems };
}

describe('docs/rule-in-ten-minutes.md', () => {
  let result = { outputs: [] as readonly string[], problems: '' };
  beforeAll(async () => {
    result = await run();
  }, 600_000);

  test('has commands that all run, in order', () => {
    expect(steps.length).toBeGreaterThan(12);
    expect([result.outputs.length, result.problems]).toEqual([steps.length, expect.any(String)]);
  });

  test.each(steps.map((step, index) => [step.commands.trim().split('\n').at(-1), step, index] as const))(
    'shows what is printed by: %s',
    (_, { expected }, index) => {
      const output = result.outputs[index] ?? `(it did not come so far)\n${result.problems}`;
      for (const line of expected) {
        expect(hasLine(output, line), `${line}\nis not in\n${output}\n${result.problems}`).toBe(true);
      }
    },
  );
});
