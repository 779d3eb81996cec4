import { expect, test } from 'vitest';
import { formatInstant } from '../../../src/foundation/calendar/instant.ts';

const justAfterMidnight = Date.UTC(2026, 10, 24, 3, 5);

test.each([
  ['en', 'Nov 24, 2026, 00:05 (America/Sao_Paulo)'],
  ['pt-BR', '24 de nov. de 2026, 00:05 (America/Sao_Paulo)'],
] as const)('an instant is formatted in its time zone, with 24 hours, in %s', (language, text) => {
  expect(formatInstant(justAfterMidnight, 'America/Sao_Paulo', language)).toBe(text);
});
