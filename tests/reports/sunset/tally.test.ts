import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RecordedUse, useKinds, userKinds } from '../../../src/reports/sunset/report.ts';
import { createTally } from '../../../src/reports/sunset/tally.ts';

const DAY_MS = 86_400_000;
const span = { nowMs: 100 * DAY_MS, days: 30, weeks: 12 };
const fromMs = span.nowMs - span.days * DAY_MS;

const name = fc.option(fc.constantFrom('a', 'b', 'c'));
const use: fc.Arbitrary<RecordedUse> = fc.record({
  // Some of them are at an edge of a week or of the days that decide.
  atMs: fc.oneof(
    fc.integer({ min: 0, max: span.nowMs + DAY_MS }),
    fc.integer({ min: 0, max: 101 }).map((day) => day * DAY_MS),
  ),
  kind: fc.constantFrom(...useKinds),
  team: fc.constantFrom('dados', 'finops'),
  principal: name,
  person: name,
  dashboard: name,
  card: name,
});

function tallied(uses: readonly RecordedUse[]) {
  const tally = createTally(span);
  uses.forEach(tally.add);
  return tally.uses();
}

describe('uses added up one by one', () => {
  test('come to what all of them together say', () => {
    fc.assert(
      fc.property(fc.array(use), (uses) => {
        const { recent, lastMs, weeks, users } = tallied(uses);

        for (const kind of useKinds)
          expect(recent[kind]).toBe(uses.filter((one) => one.kind === kind && one.atMs >= fromMs).length);
        expect(lastMs).toBe(uses.length === 0 ? null : Math.max(...uses.map(({ atMs }) => atMs)));
        expect(weeks).toEqual(
          Array.from({ length: span.weeks }, (_, week) => {
            const endMs = span.nowMs - week * 7 * DAY_MS;
            return uses.filter(({ atMs }) => atMs < endMs && atMs >= endMs - 7 * DAY_MS).length;
          }),
        );
        for (const kind of userKinds) {
          const names = new Set(uses.map((one) => one[kind]).filter((one) => one !== null));
          expect(new Set(users[kind].map((user) => user.name))).toEqual(names);
          for (const user of users[kind]) {
            const own = uses.filter((one) => one[kind] === user.name);
            expect(user.uses).toBe(own.length);
            expect(user.recentUses).toBe(own.filter(({ atMs }) => atMs >= fromMs).length);
            expect(user.lastMs).toBe(Math.max(...own.map(({ atMs }) => atMs)));
          }
        }
      }),
    );
  });

  test('list those with the most recent uses first', () => {
    const by = (team: string, atMs: number): RecordedUse => ({
      atMs,
      kind: 'read',
      team,
      principal: null,
      person: null,
      dashboard: null,
      card: null,
    });

    const { users } = tallied([by('a', 1), by('a', 2), by('b', fromMs), by('c', 3)]);

    expect(users.team.map((user) => user.name)).toEqual(['b', 'a', 'c']);
  });
});
