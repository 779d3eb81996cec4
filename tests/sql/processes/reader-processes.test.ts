import { expect, test } from 'vitest';
import { withoutNode } from '../../foundation/children/without-node.ts';
import { ENDLESS, PLAIN, readerWith, readingProcesses } from '../open-reader.ts';
import { defaults } from '../readings.ts';

test('a process that is killed while it reads leaves one query unread, and is replaced', async () => {
  const { read, events } = readerWith({ limits: { characters: 1 << 25 } });
  await read(PLAIN);

  const endless = read(ENDLESS);
  for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');

  expect(await endless).toMatchObject({
    unreadReason: expect.stringMatching(/broke: it ended with SIGKILL$/),
  });
  expect((await read(`${PLAIN} LIMIT 1`)).reader).toBe('polyglot');
  expect(events.replaced).toEqual([expect.stringContaining('SIGKILL')]);
}, 60_000);

test('signals that stop guardrail do not stop its reading processes', async () => {
  const { read, events } = readerWith({});
  await read(PLAIN);

  for (const pid of readingProcesses()) for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal);

  expect((await read(`${PLAIN} LIMIT 2`)).reader).toBe('polyglot');
  expect(events.replaced).toEqual([]);
}, 60_000);

test('a reader can be closed while its processes start, and then gives the reason at once', async () => {
  const { reader } = readerWith({ processes: 2 });

  const inLine = reader.read(PLAIN, defaults);
  await reader.close();

  // Neither query has to wait for as long as it may.
  for (const made of [await inLine, await reader.read(PLAIN, defaults)]) {
    expect(made).toMatchObject({ outcome: 'wait', reading: { unreadReason: 'guardrail stops' } });
  }
}, 60_000);

test('a reader reports a start problem after several failed starts, until a process starts', async () => {
  const restore = withoutNode('thrown');
  const { reader, events } = readerWith({ processes: 2 });

  await reader.ready;
  const atFirst = reader.startProblem();
  await expect.poll(() => reader.startProblem(), { timeout: 20_000 }).toContain('could not start');
  restore();

  expect(atFirst).toBeNull();
  expect(events.replaced.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => reader.startProblem(), { timeout: 30_000 }).toBeNull();
  expect((await reader.read(PLAIN, defaults)).outcome).toBe('polyglot');
}, 90_000);

test('a reader reports no start problem while processes are killed and replaced', async () => {
  const { reader, read, events } = readerWith({});
  const problems: (string | null)[] = [];

  for (let times = 1; times <= 3; times += 1) {
    await read(`${PLAIN} LIMIT ${times}`);
    for (const pid of readingProcesses()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => events.replaced.length, { timeout: 10_000 }).toBe(times);
    problems.push(reader.startProblem());
  }

  expect(problems).toEqual([null, null, null]);
}, 60_000);

test('SQL sent just before the reader is closed is unread', async () => {
  const { reader } = readerWith({});
  await reader.ready;

  const reading = reader.read(PLAIN, defaults);
  await reader.close();

  expect((await reading).reading.unreadReason).toBe('guardrail stops');
}, 60_000);
