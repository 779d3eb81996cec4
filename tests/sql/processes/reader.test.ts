import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';
import { findRewriteSites } from '../../../src/sql/rewrite-sites/sites.ts';
import { withoutNode } from '../../foundation/children/without-node.ts';
import { ENDLESS, nested, openReader, PLAIN, readerWith, readingProcesses } from '../open-reader.ts';
import { defaults } from '../readings.ts';

describe('reading in another process', { timeout: 60_000 }, () => {
  let usual: ReturnType<typeof openReader>;

  beforeAll(() => {
    usual = openReader({ processes: 2 });
  });
  afterAll(() => usual.reader.close());

  test('gives the same readings as reading in this process', async () => {
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

  test('finds the same sites for rewrites as in this process, and none in SQL that is unread', async () => {
    const sql = 'SELECT * FROM e.t WHERE x > CURRENT_DATE()';

    expect(await usual.reader.rewriteSites(sql, defaults)).toEqual(findRewriteSites(sql, defaults));
    expect(await usual.reader.rewriteSites('SELECT {{ x }} FROM t', defaults)).toMatchObject({ scans: [] });
    expect(await usual.reader.rewriteSites(nested(5_000), defaults)).toMatchObject({ scans: [] });
  });

  test('reads SQL that is sent several times, at once or again, only once', async () => {
    const { read, events } = readerWith({});
    const [first] = await Promise.all([read(PLAIN), read(PLAIN), read(PLAIN)]);

    expect(await read(PLAIN)).toBe(first);
    expect(events.outcomes.toSorted()).toEqual(['cached', 'cached', 'cached', 'polyglot']);
  });

  test('starts one process first, and the others once that one is ready', async () => {
    await usual.read(PLAIN);
    const before = readingProcesses().length;

    const { reader } = readerWith({ processes: 3 });
    const atOnce = readingProcesses().length - before;
    await reader.ready;

    expect(atOnce).toBe(1);
    expect(readingProcesses().length - before).toBe(3);
  });

  test('never gives all processes to one caller, and callers take turns', async () => {
    const { reader } = readerWith({ processes: 2 });
    await reader.ready;
    const slow = (at: number) => `SELECT ${at}${' + 1'.repeat(5_000)}`;
    const order: string[] = [];
    const read = (caller: string, sql: string) =>
      reader.read(sql, defaults, caller).then(() => order.push(caller));

    const bad = Array.from({ length: 8 }, (_, at) => read('bad', slow(at)));
    await Promise.all([read('good', PLAIN), read('good', `${PLAIN} AND z = 2`)]);
    await Promise.all(bad);

    // One of the two processes was never used by the flood.
    expect(order.lastIndexOf('good')).toBeLessThan(order.length - 3);
  });

  test('keeps a process for short SQL, whoever sends long SQL', async () => {
    const { reader } = readerWith({ processes: 2, limits: { milliseconds: 3_000, characters: 1 << 25 } });
    await reader.ready;
    const order: string[] = [];
    const read = (caller: string, sql: string) =>
      reader.read(sql, defaults, caller).then(({ reading }) => order.push(`${caller}: ${reading.reader}`));

    const long = ['ana', 'rui'].map((caller) => read(caller, `${ENDLESS} + '${caller}'`));
    await Promise.all([...long, read('eva', PLAIN)]);

    // Whether they reach their time or memory limit first depends on the machine.
    expect(order).toEqual(['eva: polyglot', 'ana: none', 'rui: none']);
  });

  test('has queries waiting in a killed process read by its replacement', async () => {
    const { read, events } = readerWith({ processes: 2, limits: { milliseconds: 2_000 } });
    await read(PLAIN);

    const several = Array.from({ length: 8 }, (_, n) => read(`${PLAIN} AND z = ${n}`));
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    const readers = (await Promise.all(several)).map(({ reader }) => reader);

    // At most one query is lost in each of the two processes: the one being read when they are killed.
    expect(readers.filter((name) => name === 'polyglot').length).toBeGreaterThanOrEqual(6);
    // The second starts after the first: if it was not ready yet, it is replaced a second later.
    expect(events.replaced.length).toBeGreaterThanOrEqual(1);
  });

  test('has queries wait for a process that is being replaced no longer than for a free one', async () => {
    const { reader, events } = readerWith({ processes: 2, waitMs: 1_000 });
    await reader.ready;
    const read = async (n: number) => (await reader.read(`${PLAIN} AND z = ${n}`, defaults)).outcome;
    await expect.poll(() => read(0)).toBe('polyglot');
    const restore = withoutNode('thrown');

    const several = Array.from({ length: 8 }, (_, n) => read(n + 1));
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    const outcomes = await Promise.all(several);
    restore();

    // Each process may have been reading one query.
    expect(outcomes.filter((outcome) => outcome === 'wait').length).toBeGreaterThanOrEqual(6);
    expect(events.replaced).toContainEqual(expect.stringContaining('could not start'));
    await expect.poll(() => read(9), { timeout: 30_000 }).toBe('polyglot');
  });

  test('reads the same SQL again for another default project and dataset', async () => {
    const { reading: other } = await usual.reader.read('SELECT x FROM t', {
      projectId: 'q',
      defaultDataset: { datasetId: 'e' },
    });

    expect(other.tables[0]?.table).toEqual({ projectId: 'q', datasetId: 'e', tableId: 't' });
    expect((await usual.read('SELECT x FROM t')).tables[0]?.table.projectId).toBe('p');
  });
});
