import { expect, test } from 'vitest';
import { withoutNode } from '../children/without-node.ts';
import { ENDLESS, PLAIN, readerWith, readingProcesses } from './open-reader.ts';
import { defaults } from './readings.ts';

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
