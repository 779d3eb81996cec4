import { describe, expect, test } from 'vitest';
import { formatterFor } from '../../src/console/formats.ts';

const nowMs = Date.parse('2026-11-24T12:00:00Z');

describe('a moment', () => {
  test.each([
    ['of today', '2026-11-24T09:05:00Z', '09:05:00', '09:05:00'],
    ['of another day', '2026-11-23T09:05:00Z', 'Nov 23, 09:05:00', '23 de nov., 09:05:00'],
    ['of another year', '2025-12-01T09:05:00Z', 'Dec 1, 2025, 09:05:00', '1 de dez. de 2025, 09:05:00'],
    [
      'of this day a year ago',
      '2025-11-24T09:05:00Z',
      'Nov 24, 2025, 09:05:00',
      '24 de nov. de 2025, 09:05:00',
    ],
  ])('%s is written without what the reader knows', (_what, at, english, portuguese) => {
    const moments = (['en', 'pt-BR'] as const).map((language) =>
      formatterFor({ language, timeZone: 'UTC', nowMs }).moment(Date.parse(at)),
    );

    expect(moments).toEqual([english, portuguese]);
  });

  test('is of the day and year that its reader has', () => {
    const midnight = Date.parse('2027-01-01T00:00:00-03:00');
    const { moment } = formatterFor({ language: 'en', timeZone: 'America/Sao_Paulo', nowMs: midnight });

    expect(moment(midnight - 1_000)).toBe('Dec 31, 2026, 23:59:59');
    expect(moment(midnight)).toBe('00:00:00');
  });
});
