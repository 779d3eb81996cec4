import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { LOG_OPTIONS } from '../../src/service/log.ts';

/** The log line written for some fields. */
function written(fields: object): Readonly<Record<string, unknown>> {
  let lines = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines += String(chunk);
      done();
    },
  });
  pino({ ...LOG_OPTIONS, level: 'trace' }, stream).error(fields, 'a message');
  return JSON.parse(lines);
}

describe('a line of the log', () => {
  test('has an error’s type, code, message and stack, with its cause', () => {
    const cause = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new TypeError('the ledger fails', { cause }), { code: '57P01' });

    expect(written({ err: error })['err']).toEqual({
      type: 'TypeError',
      code: '57P01',
      message: 'the ledger fails: connection refused',
      stack: expect.stringContaining('caused by: Error: connection refused'),
    });
  });

  test('has no other properties of an error, which may come from the query', () => {
    const error = Object.assign(new Error('duplicate key'), {
      detail: 'Key (person)=(ana) already exists.',
      decision: { sql: 'SELECT 1' },
      parameters: ['ana'],
    });

    const line = JSON.stringify(written({ err: error }));

    expect(line).not.toMatch(/ana|SELECT/);
  });

  test.each([['text'], [{ sql: 'SELECT 1' }], [null]])(
    'has only the type of a thrown value that is not an error: %j',
    (thrown) => {
      expect(written({ err: thrown })['err']).toEqual({ type: typeof thrown });
    },
  );

  test.each([
    [{ headers: { authorization: 'Bearer secret' } }],
    [{ request: { headers: { 'x-goog-api-key': 'secret' } } }],
    [{ asker: { request: { headers: { cookie: 'secret' } } } }],
    [{ authorization: 'secret' }],
    [{ asker: { authorization: 'secret' } }],
  ])('has no headers, even if code passes them: %j', (fields) => {
    const line = JSON.stringify(written(fields));

    expect(line).not.toContain('secret');
    expect(line).toContain('[not logged]');
  });
});

test.runIf(process.platform === 'linux')(
  'a full disk behind standard error neither ends the process nor keeps it from ending',
  () => {
    const { href } = new URL('../../src/service/log.ts', import.meta.url);
    const program = `import { setTimeout as sleep } from 'node:timers/promises';
      import { createLog } from ${JSON.stringify(href)};
      const log = createLog('info');
      for (const line of ['one', 'two', 'three']) {
        log.info(line);
        await sleep(50);
      }
      console.log('goes on');`;
    const full = openSync('/dev/full', 'w');

    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', full],
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    closeSync(full);

    expect({ stdout, status }).toEqual({ stdout: 'goes on\n', status: 0 });
  },
  30_000,
);

test('a reader of standard error that reads nothing neither ends the process nor keeps it from ending', async () => {
  const { href } = new URL('../../src/service/log.ts', import.meta.url);
  const program = `import { createLog } from ${JSON.stringify(href)};
    const log = createLog('info');
    for (let lines = 0; lines < 5_000; lines += 1) log.info('x'.repeat(200));
    console.log('goes on');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');

  const stdout = await text(child.stdout);
  const [status] = await ended;

  expect({ stdout, status }).toEqual({ stdout: 'goes on\n', status: 0 });
}, 30_000);

test('lines that follow one another quickly are written together, and none is lost when the process ends', async () => {
  const { href } = new URL('../../src/service/log.ts', import.meta.url);
  const program = `import { setTimeout as sleep } from 'node:timers/promises';
    import { createLog } from ${JSON.stringify(href)};
    const log = createLog('info');
    for (let line = 0; line < 200; line += 1) {
      log.info(String(line));
      await sleep(1);
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const chunks: string[] = [];
  child.stderr.on('data', (chunk) => chunks.push(String(chunk)));

  const [status] = await once(child, 'close');

  const lines = chunks.join('').trimEnd().split('\n');
  expect({ status, lines: lines.map((line) => JSON.parse(line).msg) }).toEqual({
    status: 0,
    lines: Array.from({ length: 200 }, (_, line) => String(line)),
  });
  expect(chunks.length).toBeLessThan(60);
}, 30_000);

test('a line that comes while the reader is slow is written once the reader goes on, not with the next line', async () => {
  const { href } = new URL('../../src/service/log.ts', import.meta.url);
  const program = `import { setTimeout as sleep } from 'node:timers/promises';
    import { createLog } from ${JSON.stringify(href)};
    const log = createLog('info');
    log.info('x'.repeat(1_000_000));
    await sleep(10);
    log.info('the last line for hours');
    console.log('logged');
    await sleep(20_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'data');
  await sleep(200);
  let written = '';
  child.stderr.on('data', (chunk) => {
    written += String(chunk);
  });

  try {
    await vi.waitFor(() => expect(written).toContain('the last line for hours'), 5_000);
  } finally {
    child.kill('SIGKILL');
  }
}, 30_000);
