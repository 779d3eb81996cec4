import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestOf } from '../../../src/sandbox/traffic/requests.ts';
import { type Dashboard, type Visit, visitsOf } from '../../../src/sandbox/traffic/visits.ts';

const dashboards: readonly Dashboard[] = [
  {
    id: '1',
    vertical: 'Atendimento',
    cards: [
      { id: '11', sql: 'SELECT CURRENT_TIMESTAMP()' },
      { id: '12', sql: 'SELECT 2' },
    ],
  },
  { id: '2', vertical: 'FinOps', cards: [{ id: '21', sql: 'SELECT 3' }] },
];

function visits(seed: number, count: number): readonly Visit[] {
  const all = visitsOf(seed, dashboards);
  return Array.from({ length: count }, () => all.next().value);
}

test('a seed decides who asks what, and when', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(visits(seed, 20)).toEqual(visits(seed, 20));
    }),
    { numRuns: 20 },
  );
  expect(visits(1, 20)).not.toEqual(visits(2, 20));
});

test('people open the dashboards of their own team', () => {
  const seen = visits(1, 300).flatMap(({ asker, questions }) =>
    asker.tool === 'metabase'
      ? questions.flatMap(({ dashboardId }) => (dashboardId === null ? [] : [[asker.vertical, dashboardId]]))
      : [],
  );

  expect(new Set(seen.map(String))).toEqual(new Set(['Atendimento,1', 'FinOps,2']));
});

test('within a hundred visits every kind of thing happens', () => {
  const hundred = visits(1, 100);

  const runaways = hundred.filter(({ questions }) => questions[0]?.sql.startsWith('SELECT * FROM'));
  expect(new Set(runaways.map(({ whenRefused }) => whenRefused))).toEqual(
    new Set(['leave it', 'try again', 'take the offer']),
  );
  expect(new Set(hundred.map(({ asker }) => asker.tool))).toEqual(new Set(['metabase', 'dbt', 'notebook']));
  const wall = hundred.filter(({ questions }) => questions.length === 1 && questions[0]?.cardId === '11');
  expect(wall.length).toBeGreaterThan(5);
});

test('the first visits are one of each kind', () => {
  const first = visits(7, 5).map(({ asker, questions }) => [asker.tool, questions[0]?.cardId ?? null]);

  expect(first).toEqual([
    ['metabase', expect.stringMatching(/^(11|21)$/)],
    ['metabase', '11'],
    ['metabase', null],
    ['dbt', null],
    ['notebook', null],
  ]);
});

test('the middle of the morning is busier than the evening', () => {
  const waits = visits(1, 2000).map(({ waitMs }) => waitMs);

  expect(Math.min(...waits)).toBeLessThan(2_000);
  expect(Math.max(...waits)).toBeGreaterThan(15_000);
});

test('Metabase’s remark before each query names who asks and from where', () => {
  const { headers, body } = requestOf(
    { tool: 'metabase', vertical: 'FinOps', userId: 5 },
    { sql: 'SELECT 3', dashboardId: '2', cardId: '21' },
  );

  expect(body['query']).toMatch(
    /^-- Metabase:: userID: 5 queryType: native queryHash: [0-9a-f]{64} dashboardID: 2 cardID: 21\nSELECT 3$/,
  );
  expect(headers).toMatchObject({
    authorization: 'Bearer sandbox:metabase-finops@guardrail-demo.iam.gserviceaccount.com',
  });
});
