import { expect, test } from 'vitest';
import { createFairQueue } from '../../../src/foundation/waiting/fair-queue.ts';

interface Waiter {
  readonly caller: string;
  readonly name: string;
}

/** Waiters in the order of their arrival, each named by its caller and a number: `a1`. */
function lineOf(...names: readonly string[]) {
  const line = createFairQueue<Waiter>();
  const waiters = new Map(names.map((name) => [name, { caller: name.slice(0, 1), name }]));
  for (const waiter of waiters.values()) line.enqueue(waiter);
  return { line, waiter: (name: string) => waiters.get(name) ?? { caller: '', name } };
}

const namesIn = ({ line }: ReturnType<typeof lineOf>) => line.entries().map(({ name }) => name);

test('callers take turns, however many of one came first', () => {
  const { line } = lineOf('a1', 'a2', 'a3', 'b1', 'c1');
  const served: string[] = [];

  for (let next = line.next(); next !== null; next = line.next()) {
    served.push(next.name);
    line.remove(next, { hadTurn: true });
  }

  expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  expect(line.size).toBe(0);
});

test('a caller who is skipped keeps its turn', () => {
  const { line } = lineOf('a1', 'b1');

  expect(line.next((caller) => caller !== 'a')?.name).toBe('b1');
  expect(line.next()?.name).toBe('a1');
});

test('leaving without a turn does not use up a turn of the caller', () => {
  const all = lineOf('a1', 'a2', 'b1');

  all.line.remove(all.waiter('a1'), { hadTurn: false });

  expect(namesIn(all)).toEqual(['a2', 'b1']);
});

test('a caller with nobody left in the queue is forgotten', () => {
  const { line, waiter } = lineOf('a1', 'b1');
  line.remove(waiter('a1'), { hadTurn: true });
  const asked: string[] = [];

  line.next((caller) => asked.push(caller) === 0);

  expect(asked).toEqual(['b']);
});

test('leaving twice counts once', () => {
  const { line, waiter } = lineOf('a1', 'a2');

  line.remove(waiter('a1'), { hadTurn: true });
  line.remove(waiter('a1'), { hadTurn: true });

  expect(line.size).toBe(1);
});

test('the last item of the caller with most gives way to a caller who would still have fewer, and to nobody else', () => {
  const { line } = lineOf('a1', 'a2', 'a3', 'b1', 'b2');

  expect(line.evictionCandidate({ insteadOf: 'c' })?.name).toBe('a3');
  expect(line.evictionCandidate({ insteadOf: 'b' })).toBeNull();
  expect(line.evictionCandidate({ insteadOf: 'a' })).toBeNull();
});
