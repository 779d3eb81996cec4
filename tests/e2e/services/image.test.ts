import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../free-port.ts';
import { clientAt, eventually, FINOPS, useHouse } from '../guardrail.ts';

const run = promisify(execFile);

/** The user `node` of the base image. */
const NODE = 1000;

const dockerfile = (await readFile('Dockerfile', 'utf8')).replaceAll('\\\n', ' ');

/** The arguments of each instruction with this name. */
const instructions = (name: string) =>
  [...dockerfile.matchAll(new RegExp(`^ *${name} +(.*)$`, 'gm'))].map(([, rest = '']) => rest.trim());

const house = useHouse({ sandbox: { messages: 1_000 } });

/** Stands for the image's root. There is no container engine here, so the build steps run in this folder. */
let root = '';
let environment: Record<string, string> = {};
let served: ChildProcess | null = null;
let ended: Promise<unknown[]> | null = null;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'guardrail-image-'));
  await chmod(root, 0o755);
  await layBase();
  await build();
  environment = { ...(await declared()), PATH: join(root, 'bin'), TMPDIR: join(root, 'tmp') };
}, 300_000);
afterAll(async () => {
  served?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** The contents of the base image: Node, and a folder for temporary files. */
async function layBase(): Promise<void> {
  await mkdir(join(root, 'bin'));
  await copyFile(process.execPath, join(root, 'bin/node'), constants.COPYFILE_FICLONE);
  await mkdir(join(root, 'tmp'));
  await chmod(join(root, 'tmp'), 0o1777);
}

/** Runs the stages one after the other; each has a folder as its `/app`, and the last one's is the image's. */
async function build(): Promise<void> {
  const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
  for (const [at, stage] of stages.entries()) {
    const name = /^FROM .* AS (\w+)$/m.exec(stage)?.[1] ?? 'app';
    expect(name === 'app').toBe(at === stages.length - 1);
    await mkdir(join(root, name));
    for (const [, step = '', rest = ''] of stage.matchAll(/^ *(COPY|RUN) +(.*)$/gm)) {
      if (step === 'COPY') await copy(name, rest);
      else await runStep(name, rest);
    }
  }
}

/** `COPY [--from=STAGE] NAME… FOLDER`, with names in the repository or below another stage's `/app`. */
async function copy(stage: string, rest: string): Promise<void> {
  const [, from, listed = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
  const ignored = (await readFile('.dockerignore', 'utf8')).split('\n').filter((line) => line !== '');
  for (const path of listed.split(' ').slice(0, -1)) {
    const name = path.replace(/^\/app\//, '');
    if (from === undefined && ignored.includes(name)) throw new Error(`${name} is copied and ignored`);
    const source = from === undefined ? name : join(root, from, name);
    await cp(source, join(root, stage, name), { recursive: true, verbatimSymlinks: true });
  }
}

async function runStep(stage: string, step: string): Promise<void> {
  if (stage === 'app') return layFolders(step);
  const { NODE_ENV: _ofTheTests, ...environment } = process.env;
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
  await run('sh', ['-c', step], { cwd: join(root, stage), env: { ...environment, PATH: path } });
}

async function layFolders(step: string): Promise<void> {
  expect(step).toBe('mkdir /ledger /policies && chown node:node /ledger');
  await mkdir(join(root, 'ledger'));
  await chown(join(root, 'ledger'), NODE, NODE);
  await cp(house.policies(), join(root, 'policies'), { recursive: true });
}

/** The environment variables of the image, with this folder as its root and free ports as its ports. */
async function declared(): Promise<Record<string, string>> {
  const pairs = instructions('ENV').flatMap((rest) => rest.split(/ +/).map((pair) => pair.split('=', 2)));
  const inRoot = pairs.map(([name = '', value = '']) => [name, value.replace(/(^|:)\//, `$1${root}/`)]);
  return {
    ...Object.fromEntries(inRoot),
    GUARDRAIL_LISTEN: `127.0.0.1:${await freePort()}`,
    GUARDRAIL_OPS_LISTEN: `0.0.0.0:${await freePort()}`,
    GUARDRAIL_UPSTREAM: house.sandbox().url,
    GUARDRAIL_TOKEN_INFO_URL: '',
    GUARDRAIL_LOG_LEVEL: 'warn',
  };
}

/** The command run as the image's user, without capabilities and without a way to gain any. */
function asNode(command: readonly string[]): [string, readonly string[]] {
  const less = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  return ['setpriv', [`--reuid=${NODE}`, `--regid=${NODE}`, ...less, ...command]];
}

const options = () => ({
  cwd: join(root, 'app'),
  env: { ...environment, PATH: `${environment['PATH']}:/usr/bin:/bin` },
});

const attempt = (command: readonly string[]) =>
  run(...asNode(command), options()).then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  );

const list = (instruction: string): readonly string[] => JSON.parse(instruction.replace(/^[^[]*/, ''));

describe.skipIf(process.getuid?.() !== 0)('the contents of the image, run as its user,', () => {
  const health = list(instructions('HEALTHCHECK')[0] ?? '');
  const start = list(instructions('CMD').at(-1) ?? '');

  test('can write to the ledger folder only', async () => {
    expect(await attempt(['touch', 'written'])).not.toBe(0);
    expect(await attempt(['touch', join(root, 'policies/written')])).not.toBe(0);
    expect(await attempt(['touch', join(root, 'ledger/written')])).toBe(0);
  });

  test('reports by its health check whether it is ready, and answers queries', async () => {
    expect(await attempt(health)).toBe(1);

    served = spawn(...asNode(start), { ...options(), stdio: ['ignore', 'inherit', 'inherit'] });
    ended = once(served, 'exit');
    await eventually(async () => expect(await attempt(health)).toBe(0), 60_000);
    const [rows] = await clientAt(`http://${environment['GUARDRAIL_LISTEN']}`, FINOPS).query(
      'SELECT COUNT(*) AS n FROM atendimento.agents',
    );

    expect(rows).toHaveLength(1);
    expect(await readdir(join(root, 'ledger'))).toContain('ledger.db');
  });

  test('stops cleanly on SIGTERM, and has written only to its ledger folder', async () => {
    if (served === null) throw new Error('it was not started');
    served.kill('SIGTERM');

    expect(await ended).toEqual([0, null]);
    expect((await readdir(join(root, 'tmp'))).filter((name) => name !== 'node-compile-cache')).toEqual([]);
    expect(await run('find', [root, '-uid', String(NODE), '-not', '-path', `${root}/ledger*`])).toMatchObject(
      {
        stdout: '',
      },
    );
  });

  test('adds less than 130 MiB to its base', async () => {
    const { stdout } = await run('du', ['-sm', join(root, 'app')]);

    const mebibytes = Number.parseInt(stdout, 10);
    process.stdout.write(`the image adds ${mebibytes} MiB to its base\n`);
    expect(mebibytes).toBeLessThan(130);
  });
});
