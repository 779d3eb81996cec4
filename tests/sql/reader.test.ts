import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LIMITS, type ReadingLimits } from '../../src/sql/limits.ts';
import { readSql } from '../../src/sql/read.ts';
import { createReader, type ReaderOptions } from '../../src/sql/reader.ts';
import { findRewriteSites } from '../../src/sql/rewrite-sites/sites.ts';
import { withoutNode } from '../children/without-node.ts';
import { ADVERSARIAL } from './adversarial.ts';

const defaults = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

/** Takes any machine longer than a query is given here. */
const ENDLESS = `SELECT 1${' + 1'.repeat(4_000_000)}`;
const PLAIN = 'SELECT x FROM e.t WHERE y = 1';

const nested = (depth: number) => `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;

interface Told {
  readonly outcomes: string[];
  readonly replaced: string[];
}

/** The processes that this one started to read. */
function readingProcesses(): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'reading-process-main'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

type Changes = Partial<Omit<ReaderOptions, 'limits'>> & { readonly limits?: Partial<ReadingLimits> };

/** For one test: the next is not to share the machine with its processes, nor to end them with its own. */
function readerWith(changes: Changes) {
  const one = openReader(changes);
  onTestFinished(() => one.reader.close());
  return one;
}

function openReader({ limits, ...changes }: Changes) {
  const told: Told = { outcomes: [], replaced: [] };
  const reader = createReader({
    processes: 1,
    waitMs: 60_000,
    onReading: (outcome) => told.outcomes.push(outcome),
    onReplaced: (reason) => told.replaced.push(reason),
    ...changes,
    limits: { ...DEFAULT_LIMITS, milliseconds: 20_000, ...limits },
  });
  const read = async (sql: string) => (await reader.read(sql, defaults)).reading;
  return { read, told, reader };
}

describe('reading in another process', { timeout: 60_000 }, () => {
  let usual: ReturnType<typeof openReader>;

  beforeAll(() => {
    usual = openReader({ processes: 2 });
  });
  afterAll(() => usual.reader.close());

  test('tells what reading in this one tells', async () => {
    for (const sql of [
      PLAIN,
      'SELECT * FROM a, b',
      'SELECT {{ x }} FROM t',
      'DELETE FROM e.t WHERE TRUE',
      '',
    ]) {
      expect(await usual.read(sql)).toEqual(readSql(sql, defaults));
    }
  });

  test('finds there where SQL could be written otherwise, and nothing where it is not read', async () => {
    const sql = 'SELECT * FROM e.t WHERE x > CURRENT_DATE()';

    expect(await usual.reader.rewriteSites(sql, defaults)).toEqual(findRewriteSites(sql, defaults));
    expect(await usual.reader.rewriteSites('SELECT {{ x }} FROM t', defaults)).toMatchObject({ scans: [] });
    expect(await usual.reader.rewriteSites(nested(5_000), defaults)).toMatchObject({ scans: [] });
  });

  test('reads what is asked at once and again only once', async () => {
    const { read, told } = readerWith({});
    const [first] = await Promise.all([read(PLAIN), read(PLAIN), read(PLAIN)]);

    expect(await read(PLAIN)).toBe(first);
    expect(told.outcomes.toSorted()).toEqual(['cached', 'cached', 'cached', 'polyglot']);
  });

  test('starts one process, and the others once that one can read', async () => {
    await usual.read(PLAIN);
    const before = readingProcesses().length;

    const { reader } = readerWith({ processes: 3 });
    const atOnce = readingProcesses().length - before;
    await reader.ready;

    expect(atOnce).toBe(1);
    expect(readingProcesses().length - before).toBe(3);
  });

  test('no caller has all processes at once, and callers take turns', async () => {
    const { reader } = readerWith({ processes: 2 });
    await reader.ready;
    const slow = (at: number) => `SELECT ${at}${' + 1'.repeat(5_000)}`;
    const order: string[] = [];
    const read = (caller: string, sql: string) =>
      reader.read(sql, defaults, caller).then(() => order.push(caller));

    const bad = Array.from({ length: 8 }, (_, at) => read('bad', slow(at)));
    await Promise.all([read('good', PLAIN), read('good', `${PLAIN} AND z = 2`)]);
    await Promise.all(bad);

    // One of the two processes was never the flood's.
    expect(order.lastIndexOf('good')).toBeLessThan(order.length - 3);
  });

  test('long SQL, whosever it is, leaves a process to short SQL', async () => {
    const { reader } = readerWith({ processes: 2, limits: { milliseconds: 3_000, characters: 1 << 25 } });
    await reader.ready;
    const order: string[] = [];
    const read = (caller: string, sql: string) =>
      reader.read(sql, defaults, caller).then(({ reading }) => order.push(`${caller}: ${reading.reader}`));

    const long = ['ana', 'rui'].map((caller) => read(caller, `${ENDLESS} + '${caller}'`));
    await Promise.all([...long, read('eva', PLAIN)]);

    // Whether their time or their memory is up first depends on the machine.
    expect(order).toEqual(['eva: polyglot', 'ana: none', 'rui: none']);
  });

  test('what was given to a process behind what it hangs at is read by the next', async () => {
    const { read, told } = readerWith({ processes: 2, limits: { milliseconds: 2_000 } });
    await read(PLAIN);

    const several = Array.from({ length: 8 }, (_, n) => read(`${PLAIN} AND z = ${n}`));
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    const readers = (await Promise.all(several)).map(({ reader }) => reader);

    // One at most in each of the two processes, which are ended while they read it.
    expect(readers.filter((name) => name === 'polyglot').length).toBeGreaterThanOrEqual(6);
    // The second starts behind the first: where it was not ready yet, it is replaced a second later.
    expect(told.replaced.length).toBeGreaterThanOrEqual(1);
  });

  test('what waits for a process that is being replaced waits no longer than in line', async () => {
    const { reader, told } = readerWith({ processes: 2, waitMs: 1_000 });
    await reader.ready;
    const read = async (n: number) => (await reader.read(`${PLAIN} AND z = ${n}`, defaults)).outcome;
    await expect.poll(() => read(0)).toBe('polyglot');
    const restore = withoutNode('thrown');

    const several = Array.from({ length: 8 }, (_, n) => read(n + 1));
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    const outcomes = await Promise.all(several);
    restore();

    // Each process may have been reading one.
    expect(outcomes.filter((outcome) => outcome === 'wait').length).toBeGreaterThanOrEqual(6);
    expect(told.replaced).toContainEqual(expect.stringContaining('could not start'));
    await expect.poll(() => read(9), { timeout: 30_000 }).toBe('polyglot');
  });

  test('reads the same SQL anew for other defaults', async () => {
    const { reading: other } = await usual.reader.read('SELECT x FROM t', {
      projectId: 'q',
      defaultDataset: { datasetId: 'e' },
    });

    expect(other.tables[0]?.table).toEqual({ projectId: 'q', datasetId: 'e', tableId: 't' });
    expect((await usual.read('SELECT x FROM t')).tables[0]?.table.projectId).toBe('p');
  });
});

describe('SQL beyond a limit is unread and says which', { timeout: 60_000 }, () => {
  test('of size', async () => {
    const { read, told } = readerWith({ limits: { characters: 100 } });

    expect(await read(`SELECT '${'x'.repeat(200)}'`)).toMatchObject({
      reader: 'none',
      unreadReason: 'it is longer than 100 characters',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(told.outcomes).toEqual(['size']);
  });

  test.each([
    ['parentheses', nested(41)],
    ['CASE', `SELECT ${'CASE WHEN a THEN '.repeat(41)}1${' END'.repeat(41)}`],
    ['brackets that nothing closes', `SELECT ${'['.repeat(50)}`],
  ])('of depth, by %s', async (_what, sql) => {
    const { read, told } = readerWith({ limits: { depth: 40 } });

    expect(await read(sql)).toMatchObject({ reader: 'none', unreadReason: 'it nests more than 40 deep' });
    expect(told.outcomes).toEqual(['depth']);
  });

  test('of time, and the query behind it is read by another process', async () => {
    const { read, told } = readerWith({ limits: { milliseconds: 2_000, characters: 1 << 25 } });

    const [endless, plain] = await Promise.all([read(ENDLESS), read(PLAIN)]);

    expect(endless).toMatchObject({
      reader: 'none',
      unreadReason: 'it took more than 2000 ms to read',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(plain.reader).toBe('polyglot');
    expect(told).toEqual({
      outcomes: ['time', 'polyglot'],
      replaced: ['it took more than 2000 ms to read'],
    });
  });

  test('of time three times, and then what is as long is not tried for its caller', async () => {
    const { reader, told } = readerWith({ limits: { milliseconds: 300, characters: 1 << 25 } });
    const read = async (caller: string, sql: string) => (await reader.read(sql, defaults, caller)).outcome;
    const slow = (n: number) => `${ENDLESS} + ${n}`;
    const first = await Promise.all([1, 2, 3, 4, 5].map((n) => read('ana', slow(n))));

    expect(first).toEqual(['time', 'time', 'time', 'throttled', 'throttled']);
    expect(await read('ana', slow(5))).toBe('throttled');
    expect(await read('ana', PLAIN)).toBe('polyglot');
    // What was not tried for one is no word on the SQL.
    expect(await read('rui', slow(5))).toBe('time');
    expect(told.replaced).toHaveLength(4);
  });

  test('of waiting for a process, and is read when asked again', async () => {
    const { read, told } = readerWith({ waitMs: 1, limits: { milliseconds: 2_000 } });

    expect(await read(PLAIN)).toMatchObject({
      reader: 'none',
      unreadReason: 'no process was free to read it within 1 ms',
    });
    await expect.poll(() => read(PLAIN), { timeout: 30_000 }).toMatchObject({ reader: 'polyglot' });
    expect(told.outcomes[0]).toBe('wait');
  });
});

describe('adversarial SQL', { timeout: 120_000 }, () => {
  test('of every kind is answered, holds up no request meanwhile, and leaves a reader that reads', async () => {
    const { read } = readerWith({ processes: 2, limits: { milliseconds: 1_000 } });
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 10);

    const startedAt = performance.now();
    const readings = await Promise.all(ADVERSARIAL.map(([, sql]) => read(sql)));
    const elapsed = performance.now() - startedAt;
    clearInterval(turning);

    expect(readings).toHaveLength(ADVERSARIAL.length);
    for (const { reader, unreadReason } of readings) expect(reader === 'none').toBe(unreadReason !== null);
    expect(turns).toBeGreaterThan(elapsed / 10 / 10);
    expect((await read(PLAIN)).reader).toBe('polyglot');
  });
});

test('a process that ends while it reads leaves one query unread, and another process in its place', async () => {
  const { read, told } = readerWith({ limits: { characters: 1 << 25 } });
  await read(PLAIN);

  const endless = read(ENDLESS);
  for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');

  expect(await endless).toMatchObject({
    unreadReason: expect.stringMatching(/broke: it ended with SIGKILL$/),
  });
  expect((await read(`${PLAIN} LIMIT 1`)).reader).toBe('polyglot');
  expect(told.replaced).toEqual([expect.stringContaining('SIGKILL')]);
}, 60_000);

test('signals that stop the guardrail do not stop what is being read', async () => {
  const { read, told } = readerWith({});
  await read(PLAIN);

  for (const pid of readingProcesses()) for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal);

  expect((await read(`${PLAIN} LIMIT 2`)).reader).toBe('polyglot');
  expect(told.replaced).toEqual([]);
}, 60_000);

test('is closed while its processes start without harm', async () => {
  const { reader } = readerWith({ processes: 2 });

  const inLine = reader.read(PLAIN, defaults);
  await reader.close();

  // None is kept for as long as a query may wait.
  for (const made of [await inLine, await reader.read(PLAIN, defaults)]) {
    expect(made).toMatchObject({ outcome: 'wait', reading: { unreadReason: 'the guardrail stops' } });
  }
}, 60_000);

test('says that none can start once that has failed for several times in a row, and no more once one is up', async () => {
  const restore = withoutNode('thrown');
  const { reader, told } = readerWith({ processes: 2 });

  await reader.ready;
  const atFirst = reader.startProblem();
  await expect.poll(() => reader.startProblem(), { timeout: 20_000 }).toContain('could not start');
  restore();

  expect(atFirst).toBeNull();
  expect(told.replaced.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => reader.startProblem(), { timeout: 30_000 }).toBeNull();
  expect((await reader.read(PLAIN, defaults)).outcome).toBe('polyglot');
}, 90_000);

test('has no problem to start while processes are killed and others take their places', async () => {
  const { reader, read, told } = readerWith({});
  const problems: (string | null)[] = [];

  for (let times = 1; times <= 3; times += 1) {
    await read(`${PLAIN} LIMIT ${times}`);
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => told.replaced.length, { timeout: 10_000 }).toBe(times);
    problems.push(reader.startProblem());
  }

  expect(problems).toEqual([null, null, null]);
}, 60_000);

test('what is asked as it closes is unread', async () => {
  const { reader } = readerWith({});
  await reader.ready;

  const asked = reader.read(PLAIN, defaults);
  await reader.close();

  expect((await asked).reading.unreadReason).toBe('the guardrail stops');
}, 60_000);
