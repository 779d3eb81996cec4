import { expect, test } from 'vitest';
import {
  parseRetentionPeriod,
  retentionCutoffMs,
} from '../../../src/foundation/calendar/retention-period.ts';

const nowMs = Date.UTC(2026, 2, 31, 12);

test.each([
  ['400 days', Date.UTC(2025, 1, 24, 12)],
  ['1 day', Date.UTC(2026, 2, 30, 12)],
  ['6weeks', Date.UTC(2026, 1, 17, 12)],
  // February has no 31st.
  ['1 month', Date.UTC(2026, 1, 28, 12)],
  [' 2 years ', Date.UTC(2024, 2, 31, 12)],
])('%s follow the calendar', (text, fromMs) => {
  const keep = parseRetentionPeriod(text);

  expect(keep && retentionCutoffMs(keep, nowMs)).toBe(fromMs);
});

test.each(['', '0 days', '-1 days', '1.5 years', '10000 days', '3 hours', 'days'])(
  '"%s" is no retention period',
  (text) => {
    expect(parseRetentionPeriod(text)).toBeNull();
  },
);
