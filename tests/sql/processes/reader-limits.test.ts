import { describe, expect, test } from 'vitest';
import { ADVERSARIAL } from '../adversarial.ts';
import { ENDLESS, nested, PLAIN, readerWith } from '../open-reader.ts';
import { defaults } from '../readings.ts';

describe('SQL beyond a limit is unread, with the limit as the reason:', { timeout: 60_000 }, () => {
  test('the limit of length', async () => {
    const { read, events } = readerWith({ limits: { characters: 100 } });

    expect(await read(`SELECT '${'x'.repeat(200)}'`)).toMatchObject({
      reader: 'none',
      unreadReason: 'it is longer than 100 characters',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(events.outcomes).toEqual(['size']);
  });

  test.each([
    ['parentheses', nested(41)],
    ['CASE', `SELECT ${'CASE WHEN a THEN '.repeat(41)}1${' END'.repeat(41)}`],
    ['unclosed brackets', `SELECT ${'['.repeat(50)}`],
  ])('the limit of depth, by %s', async (_what, sql) => {
    const { read, events } = readerWith({ limits: { depth: 40 } });

    expect(await read(sql)).toMatchObject({ reader: 'none', unreadReason: 'it nests more than 40 deep' });
    expect(events.outcomes).toEqual(['depth']);
  });

  test('the limit of time, and the next query is read by another process', async () => {
    const { read, events } = readerWith({ limits: { milliseconds: 2_000, characters: 1 << 25 } });

    const [endless, plain] = await Promise.all([read(ENDLESS), read(PLAIN)]);

    expect(endless).toMatchObject({
      reader: 'none',
      unreadReason: 'it took more than 2000 ms to read',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(plain.reader).toBe('polyglot');
    expect(events).toEqual({
      outcomes: ['time', 'polyglot'],
      replaced: ['it took more than 2000 ms to read'],
    });
  });

  test('the limit of time, and after three times SQL of that length is not tried for the same caller', async () => {
    const { reader, events } = readerWith({ limits: { milliseconds: 300, characters: 1 << 25 } });
    const read = async (caller: string, sql: string) => (await reader.read(sql, defaults, caller)).outcome;
    const slow = (n: number) => `${ENDLESS} + ${n}`;
    const first = await Promise.all([1, 2, 3, 4, 5].map((n) => read('ana', slow(n))));

    expect(first).toEqual(['time', 'time', 'time', 'throttled', 'throttled']);
    expect(await read('ana', slow(5))).toBe('throttled');
    expect(await read('ana', PLAIN)).toBe('polyglot');
    // SQL that was not tried for one caller is still tried for another.
    expect(await read('rui', slow(5))).toBe('time');
    expect(events.replaced).toHaveLength(4);
  });

  test('the limit of waiting for a process, and is read when sent again', async () => {
    const { read, events } = readerWith({ waitMs: 1, limits: { milliseconds: 2_000 } });

    expect(await read(PLAIN)).toMatchObject({
      reader: 'none',
      unreadReason: 'no process was free to read it within 1 ms',
    });
    await expect.poll(() => read(PLAIN), { timeout: 30_000 }).toMatchObject({ reader: 'polyglot' });
    expect(events.outcomes[0]).toBe('wait');
  });
});

describe('adversarial SQL', { timeout: 120_000 }, () => {
  test('of every kind gets a reading, does not block the event loop, and leaves the reader working', async () => {
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
