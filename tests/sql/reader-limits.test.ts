import { describe, expect, test } from 'vitest';
import { ADVERSARIAL } from './adversarial.ts';
import { ENDLESS, nested, PLAIN, readerWith } from './open-reader.ts';
import { defaults } from './readings.ts';

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
