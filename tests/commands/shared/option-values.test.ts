import { expect, test } from 'vitest';
import { currency, dayOrInstant, listOf } from '../../../src/commands/shared/option-values.ts';

test('a day is the instant at which it begins in a time zone, as for rules', () => {
  const asked = dayOrInstant('2026-12-01');

  expect(new Date(asked('America/Sao_Paulo')).toISOString()).toBe('2026-12-01T03:00:00.000Z');
  expect(new Date(asked('UTC')).toISOString()).toBe('2026-12-01T00:00:00.000Z');
});

test('an instant is the same in every time zone', () => {
  const asked = dayOrInstant('2026-12-01T12:00:00Z');

  expect(new Date(asked('America/Sao_Paulo')).toISOString()).toBe('2026-12-01T12:00:00.000Z');
});

test.each(['tomorrow', '2026-02-30', '0000-01-01', ''])('%j is neither, and leads to an error', (text) => {
  expect(() => dayOrInstant(text)).toThrow('write a date');
});

test('words with commas between them are a list of those that are known', () => {
  expect(listOf(['team', 'day'])('day,team')).toEqual(['day', 'team']);
});

test.each(['team,hour', '', 'team, day'])(
  '%j is no list of known words, and the error names those',
  (text) => {
    expect(() => listOf(['team', 'day'])(text)).toThrow('Known are team, day.');
  },
);

test('a currency is read in whichever case it is typed', () => {
  expect(currency('brl')).toBe('BRL');
});

test.each(['', 'R$', 'reais'])('%j is no code of a currency, and the error shows one', (text) => {
  expect(() => currency(text)).toThrow('such as BRL');
});
