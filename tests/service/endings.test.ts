import { expect, test } from 'vitest';
import { type Ending, endAll, endTogether } from '../../src/service/endings.ts';

/** Three endings, of which the given ones fail. */
function endings(failing: readonly string[]) {
  const ended: string[] = [];
  const all: Ending[] = ['first', 'second', 'third'].map((name) => async () => {
    ended.push(name);
    if (failing.includes(name)) throw new Error(`${name} would not`);
  });
  return { all, ended };
}

test('what was opened last is ended first, and each is ended once', async () => {
  const { all, ended } = endings([]);

  await endAll(all);
  await endAll(all);

  expect(ended).toEqual(['third', 'second', 'first']);
});

test('an ending that fails does not stop the others, and is thrown when all have ended', async () => {
  const { all, ended } = endings(['third']);

  await expect(endAll(all)).rejects.toThrow('third would not');

  expect(ended).toEqual(['third', 'second', 'first']);
});

test('several endings that fail are all thrown, in the order of their failures', async () => {
  const { all } = endings(['first', 'third']);

  const failure = await endAll(all).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure).toMatchObject({
    message: 'third would not\nfirst would not',
    errors: [new Error('third would not'), new Error('first would not')],
  });
});

test('an ending that throws synchronously counts as one that rejects, and the others are awaited', async () => {
  const { all, ended } = endings(['second']);
  const throwing = () => {
    throw new Error('at once');
  };

  const failure = await endTogether([throwing, ...all]).catch((error: unknown) => error);

  expect(failure).toMatchObject({ errors: [new Error('at once'), new Error('second would not')] });
  expect(ended).toEqual(['first', 'second', 'third']);
});
