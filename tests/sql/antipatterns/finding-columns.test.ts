import { expect, test } from 'vitest';
import { read } from '../readings.ts';

test.each([
  ['COUNT(DISTINCT sender)', 'sender'],
  ['COUNT(DISTINCT IF(sender > 1, m.Sender, NULL))', 'sender'],
  ['COUNT(DISTINCT CASE WHEN amount IS NOT NULL THEN sender END)', null],
  ['COUNT(DISTINCT CONCAT(sender, thread))', null],
])('an exact count names the column only if it is the only one: %s', (count, column) => {
  const { antiPatterns } = read(`SELECT ${count} FROM e.messages AS m`);

  expect(antiPatterns.find(({ name }) => name === 'exact-count-distinct')).toMatchObject({
    table: 'p.e.messages',
    column,
  });
});
