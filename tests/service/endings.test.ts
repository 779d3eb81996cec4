import { expect, test } from 'vitest';
import { type Ending, endAll, endTogether } from '../../src/service/endings.ts';

/** Three endings, of which these fail. */
function endings(failing: readonly string[]) {
  const ended: string[] = [];
  const all: Ending[] = ['first', 'second', 'third'].map((name) => async () => {
    ended.push(name);
    if (failing.includes(name)) throw new Error(`${name} would not`);
  });
  return { all, ended };
}

test('the last that was opened is ended first, and each once', async () => {
  const { all, ended } = endings([]);

  await endAll(all);
  await endAll(all);

  expect(ended).toEqual(['third', 'second', 'first']);
});

test('one that fails leaves none undone, and is told when all have ended', async () => {
  const { all, ended } = endings(['third']);

  await expect(endAll(all)).rejects.toThrow('third would not');

  expect(ended).toEqual(['third', 'second', 'first']);
});

test('several that fail are all told, in the order in which they did', async () => {
  const { all } = endings(['first', 'third']);

  const failure = await endAll(all).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(AggregateError);
  expect(failure).toMatchObject({
    message: 'third would not\nfirst would not',
    errors: [new Error('third would not'), new Error('first would not')],
  });
});

test('one that throws at once is told as one that rejects, and those beside it are waited for', async () => {
  const { all, ended } = endings(['second']);
  const throwing = () => {
    throw new Error('at once');
  };

  const failure = await endTogether([throwing, ...all]).catch((error: unknown) => error);

  expect(failure).toMatchObject({ errors: [new Error('at once'), new Error('second would not')] });
  expect(ended).toEqual(['first', 'second', 'third']);
});
