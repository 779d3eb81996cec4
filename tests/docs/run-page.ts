import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '../e2e/guardrail.ts';
import { freePort } from '../free-port.ts';
import { OPERATOR_TOKEN, type Places, placed } from './places.ts';
import type { ShellCommand } from './shell.ts';

const PRINCIPAL = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';
const FUNCTIONS = resolve('tests/docs/shell-functions.sh');

/** Preparation for pages that assume files of the reader, or of earlier pages. */
const BEFORE: Readonly<Record<string, string>> = {
  'docs/policies.md': 'cp -r policies edited-policies',
};

/** Commands that run until they are stopped, and what each prints once it is up. */
const ENDLESS: readonly (readonly [command: RegExp, says: string])[] = [
  [/ serve\b/, 'guardrail is ready'],
  [/^(GUARDRAIL_\w+=\S+ )*npm start\b/, 'Ctrl-C stops everything'],
  [/ sandbox$/, 'Ctrl-C stops it'],
  [/^curl -N /, ':|event'],
];

/** The output and exit code of a command. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A demo in its own folder, in which the commands of pages are run. */
export interface Surroundings {
  /** Runs commands one after the other, in one shell. */
  run(page: string, commands: readonly ShellCommand[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** Starts `guardrail demo` with few rows and no traffic, in a folder with the files of the repository that pages use. */
export async function startSurroundings(): Promise<Surroundings> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-docs-'));
  await cp('policies', join(folder, 'policies'), { recursive: true });
  for (const name of ['examples', 'node_modules']) await symlink(resolve(name), join(folder, name));
  const [proxy, ops, sandbox, sparePort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const places: Places = { proxy, ops, sandbox };
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(folder, 'compiled'),
    NO_COLOR: '1',
  };
  const demo = spawn(
    process.execPath,
    [resolve('src/main.ts'), 'demo', '--no-traffic', '--messages', '3000', '--sandbox-port', String(sandbox)],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...environment,
        GUARDRAIL_LISTEN: `127.0.0.1:${proxy}`,
        GUARDRAIL_OPS_LISTEN: `127.0.0.1:${ops}`,
        GUARDRAIL_LEDGER_SPOOL: 'demo-spool.jsonl',
      },
    },
  );
  const close = async () => {
    demo.kill('SIGTERM');
    if (demo.exitCode === null) await once(demo, 'exit');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilWritten(demo.stdout, 'Ctrl-C stops everything');
    await leaveRecords(places);
  } catch (error) {
    await close();
    throw error;
  }

  const env = {
    ...environment,
    NODE: process.execPath,
    REPOSITORY: resolve('.'),
    OPS: `http://127.0.0.1:${ops}`,
    SPARE_PORT: String(sparePort),
    GUARDRAIL_LISTEN: '127.0.0.1:0',
    GUARDRAIL_OPS_LISTEN: '127.0.0.1:0',
    // In place of BigQuery, and of application default credentials.
    GUARDRAIL_UPSTREAM: `http://127.0.0.1:${sandbox}`,
    GUARDRAIL_TOKEN: `sandbox:${PRINCIPAL}`,
    GUARDRAIL_OPERATOR_TOKEN: OPERATOR_TOKEN,
  };
  return {
    async run(page, commands) {
      const script = join(folder, 'page.sh');
      await writeFile(script, scriptOf(page, commands, places));
      return outcomesIn(await bash(script, { cwd: folder, env }), commands);
    },
    close,
  };
}

/** Leaves one query that ran and one that was refused in sealed records, for the pages to look at. */
async function leaveRecords({ proxy, ops }: Places): Promise<void> {
  for (const query of [
    'SELECT COUNT(*) AS tickets FROM atendimento.tickets',
    'SELECT * FROM atendimento.messages',
  ]) {
    await fetch(`http://127.0.0.1:${proxy}/bigquery/v2/projects/guardrail-demo/queries`, {
      method: 'POST',
      headers: { authorization: `Bearer sandbox:${PRINCIPAL}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, useLegacySql: false }),
    });
  }
  await eventually(async () => {
    const books = await fetch(`http://127.0.0.1:${ops}/api/v1/books`);
    expect(await books.json()).toMatchObject({ head: { seal: expect.anything(), hash: expect.anything() } });
  });
}

function scriptOf(page: string, commands: readonly ShellCommand[], places: Places): string {
  const steps = commands.map(({ text }, index) => {
    const own = placed(text, places);
    const says = ENDLESS.find(([endless]) => endless.test(text))?.[1];
    const step = says === undefined ? own : `until_up ${quoted(says)} ${quoted(own)}`;
    return `${step}\nprintf '\\n=== %s ended with %s\\n' ${index} $?\n`;
  });
  return `. ${quoted(FUNCTIONS)}\n${BEFORE[page] ?? ''}\n${steps.join('')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bash(
  script: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  return new Promise((done) => {
    execFile(
      'bash',
      ['-c', `bash ${quoted(script)} 2>&1`],
      { ...options, maxBuffer: 2 ** 26 },
      (_error, output) => done(output),
    );
  });
}

function outcomesIn(output: string, commands: readonly ShellCommand[]): readonly Outcome[] {
  const parts = output.split(/\n=== \d+ ended with (\d+)\n/);
  return commands.map((_, index) => ({
    output: parts[2 * index] ?? '(it did not come so far)',
    code: Number(parts[2 * index + 1] ?? -1),
  }));
}

/** Resolves once a stream contains a text, and rejects if it ends without. */
async function untilWritten(stream: NodeJS.ReadableStream, awaited: string): Promise<void> {
  let output = '';
  await new Promise<void>((done, fail) => {
    stream.on('data', (part: Buffer) => {
      output += part;
      if (output.includes(awaited)) done();
    });
    stream.on('end', () => fail(new Error(`It never said "${awaited}", but\n${output}`)));
  });
}
