import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSql } from '../../src/sql/read.ts';
import { findRewriteSites } from '../../src/sql/rewrite-sites/sites.ts';
import { withoutNode } from '../children/without-node.ts';
import { ENDLESS, nested, openReader, PLAIN, readerWith, readingProcesses } from './open-reader.ts';
import { defaults } from './readings.ts';

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
