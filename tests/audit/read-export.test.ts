import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { landscapeFrom } from '../../src/audit/read-export.ts';

const nowMs = Date.UTC(2026, 10, 25);
const DB = 'BigQuery';

const meta = (model: string, id: string) => ({ entity_id: id, 'serdes/meta': [{ id, label: id, model }] });
const native = (sql: string, tags: unknown = {}) => ({
  database: DB,
  'lib/type': 'mbql/query',
  stages: [{ 'lib/type': 'mbql.stage/native', native: sql, 'template-tags': tags }],
});
const yamlCard = (id: string, changes: object = {}) => ({
  path: `collections/main/${id}.yaml`,
  text: stringify({ name: `card ${id}`, ...meta('Card', id), dataset_query: native('SELECT 1'), ...changes }),
});
const yamlDashboard = (changes: object) => ({
  path: 'collections/main/d.yaml',
  text: stringify({ name: 'D', ...meta('Dashboard', 'd'), parameters: [], dashcards: [], ...changes }),
});
const json = (path: string, body: unknown) => ({ path, text: JSON.stringify(body) });
const apiCard = (id: number, changes: object = {}) => ({
  id,
  name: `card ${id}`,
  dataset_query: native('SELECT 1'),
  ...changes,
});

describe('an export in YAML', () => {
  test('gives cards with SQL in stages, and as older versions write it', () => {
    const tags = { a: { name: 'a', type: 'text', default: 'x' } };
    const older = { type: 'native', database: DB, native: { query: 'SELECT {{a}}', 'template-tags': tags } };
    const asList = native('SELECT {{a}}', Object.values(tags));

    const { cards } = landscapeFrom(
      [yamlCard('new', { dataset_query: asList }), yamlCard('old', { dataset_query: older })],
      nowMs,
    );

    for (const id of ['new', 'old']) {
      expect(cards.get(id)?.query).toMatchObject({
        kind: 'sql',
        template: 'SELECT {{a}}',
        tags: new Map([['a', expect.objectContaining({ type: 'text', defaultValue: 'x' })]]),
      });
    }
  });

  test('names columns of field filters, whichever way round they stand', () => {
    const filter = (dimension: unknown) =>
      native('{{f}}', [{ name: 'f', type: 'dimension', 'widget-type': 'date/range', dimension }]);
    const path = [DB, 'sales', 'orders', 'day'];

    const { cards } = landscapeFrom(
      [
        yamlCard('new', { dataset_query: filter(['field', { 'base-type': 'type/Date' }, path]) }),
        yamlCard('old', { dataset_query: filter(['field', path, null]) }),
      ],
      nowMs,
    );

    const column = (id: string) => {
      const query = cards.get(id)?.query;
      return query?.kind === 'sql' ? query.tags.get('f')?.column : undefined;
    };
    expect(column('new')).toEqual({ table: 'sales.orders', name: 'day', baseType: 'type/Date' });
    expect(column('old')).toEqual({ table: 'sales.orders', name: 'day', baseType: null });
  });

  test('tells what cards of the query builder read, joins and other cards among it', () => {
    const query = {
      database: DB,
      'lib/type': 'mbql/query',
      stages: [
        {
          'lib/type': 'mbql.stage/mbql',
          'source-table': [DB, 'sales', 'orders'],
          joins: [{ alias: 'p', stages: [{ 'source-card': 'abc' }] }],
        },
      ],
    };

    const { cards } = landscapeFrom([yamlCard('q', { dataset_query: query })], nowMs);

    expect(cards.get('q')?.query).toEqual({ kind: 'query builder', sources: ['sales.orders', 'card abc'] });
  });

  test('puts cards on dashboards with what their filters give, overlaid ones too, and leaves texts out', () => {
    const { dashboards } = landscapeFrom(
      [
        yamlCard('a'),
        yamlCard('b'),
        yamlDashboard({
          parameters: [
            { id: 'p1', name: 'P', slug: 'p', type: 'date/range', default: 'past7days' },
            { id: 'p2', name: 'Q', slug: 'q', type: 'string/=' },
          ],
          dashcards: [
            { card_id: null, parameter_mappings: [] },
            {
              card_id: 'a',
              parameter_mappings: [
                {
                  card_id: 'a',
                  parameter_id: 'p1',
                  target: ['dimension', ['template-tag', 'when'], { 'stage-number': 0 }],
                },
                { card_id: 'a', parameter_id: 'p2', target: ['variable', ['template-tag', 'who']] },
                { card_id: 'b', parameter_id: 'p1', target: ['dimension', ['template-tag', 'of_b']] },
              ],
              series: [{ card_id: 'b', position: 0 }],
            },
          ],
        }),
      ],
      nowMs,
    );

    expect(dashboards[0]?.cards).toEqual([
      {
        cardId: 'a',
        given: new Map([
          ['when', 'past7days'],
          ['who', null],
        ]),
      },
      { cardId: 'b', given: new Map([['of_b', 'past7days']]) },
    ]);
  });

  test('leaves out what is archived, and says of what else it could not use why', () => {
    const landscape = landscapeFrom(
      [
        yamlCard('a', { archived: true }),
        yamlCard('b', { dataset_query: { type: 'graphql' } }),
        yamlDashboard({ dashcards: [{ card_id: 'gone', parameter_mappings: [] }] }),
      ],
      nowMs,
    );

    expect(landscape.cards.size).toBe(0);
    expect(landscape.notUnderstood).toEqual([
      {
        file: 'collections/main/b.yaml',
        why: expect.stringMatching(/card "card b": expected dataset_query with "stages"/),
      },
      { file: 'dashboard "D"', why: expect.stringMatching(/card gone/) },
    ]);
  });
});

describe('answers of the API', () => {
  test('give a card once, however often it is in them, and count views by age', () => {
    const body = { id: 3, name: 'D', view_count: 300, created_at: '2026-10-26T00:00:00Z', parameters: [] };
    const { cards, dashboards } = landscapeFrom(
      [
        json('cards.json', [apiCard(1), apiCard(2, { archived: true })]),
        json('dashboard.json', {
          ...body,
          dashcards: [
            { card_id: 1, card: apiCard(1) },
            { card_id: null, card: { query_average_duration: null } },
          ],
        }),
      ],
      nowMs,
    );

    expect([...cards.keys()]).toEqual(['1']);
    expect(dashboards[0]).toMatchObject({ viewsPerDay: 10, cards: [{ cardId: '1' }] });
  });

  test('give kept results by policy, and by hours in older versions', () => {
    const cache = {
      data: [
        {
          model: 'question',
          model_id: 1,
          strategy: { type: 'duration', duration: 2, unit: 'days', refresh_automatically: true },
        },
        { model: 'question', model_id: 2, strategy: { type: 'ttl', multiplier: 10, min_duration_ms: 1 } },
      ],
    };

    const { cards } = landscapeFrom(
      [json('cards.json', [apiCard(1), apiCard(2), apiCard(3, { cache_ttl: 6 })]), json('cache.json', cache)],
      nowMs,
    );

    expect([...cards.values()].map((card) => card.cache)).toEqual([
      { kind: 'for', ms: 172_800_000, refreshesItself: true },
      { kind: 'not counted', policy: 'adaptive' },
      { kind: 'for', ms: 21_600_000, refreshesItself: false },
    ]);
  });

  test('name numbered columns and tables by the metadata of the database', () => {
    const metadata = {
      tables: [
        { id: 7, schema: 'sales', name: 'orders', fields: [{ id: 70, name: 'day', base_type: 'type/Date' }] },
      ],
    };
    const filter = native('{{f}}', [{ name: 'f', type: 'dimension', dimension: ['field', 70, null] }]);
    const built = { type: 'query', database: 1, query: { 'source-table': 7 } };

    const { cards } = landscapeFrom(
      [
        json('cards.json', [apiCard(1, { dataset_query: filter }), apiCard(2, { dataset_query: built })]),
        json('metadata.json', metadata),
      ],
      nowMs,
    );

    expect(cards.get('1')?.query).toMatchObject({
      tags: new Map([
        [
          'f',
          expect.objectContaining({ column: { table: 'sales.orders', name: 'day', baseType: 'type/Date' } }),
        ],
      ]),
    });
    expect(cards.get('2')?.query).toEqual({ kind: 'query builder', sources: ['sales.orders'] });
  });

  test('of another kind are told of, not dropped', () => {
    const { notUnderstood } = landscapeFrom(
      [json('cards.json', [apiCard(1)]), json('users.json', { users: 3 })],
      nowMs,
    );

    expect(notUnderstood).toEqual([
      { file: 'users.json', why: expect.stringMatching(/expected an answer of GET/) },
    ]);
  });
});

describe('a folder of SQL', () => {
  test('makes a card of each file, and a dashboard of each folder', () => {
    const files = ['sales/a.sql', 'sales/b.sql', 'c.sql'].map((path) => ({ path, text: 'SELECT 1' }));

    const { cards, dashboards } = landscapeFrom(files, nowMs);

    expect([...cards.keys()]).toEqual(['sales/a.sql', 'sales/b.sql', 'c.sql']);
    expect(dashboards.map(({ name, cards: placed }) => [name, placed.length])).toEqual([
      ['sales', 2],
      ['.', 1],
    ]);
  });
});

describe('an export of another version or form', () => {
  test.each([
    [
      'has no file that could be one',
      [{ path: 'a.txt', text: '' }],
      /no \.yaml, \.json or \.sql file in it\. Expected one of: Metabase serialization/,
    ],
    [
      'mixes forms',
      [yamlCard('a'), { path: 'a.sql', text: '' }],
      /several forms: Metabase serialization \(YAML\), such as collections.*; SQL files, such as a\.sql/,
    ],
    [
      'is by the former dump command',
      [
        { path: 'manifest.yaml', text: 'serialization-version: 1' },
        { path: 'collections/root/cards/a.yaml', text: 'name: A' },
      ],
      /former "dump" command \(manifest\.yaml says serialization-version 1\)\. Expected the folder that "export" writes since Metabase 46/,
    ],
    [
      'holds no card',
      [{ path: 'a.yaml', text: 'a: 1' }],
      /None of its 1 YAML files is a card: expected files with "serdes\/meta"/,
    ],
    ['holds other JSON', [json('a.json', [])], /None of its 1 JSON files holds a card/],
    ['is no YAML', [{ path: 'a.yaml', text: 'a: [' }], /a\.yaml is no YAML/],
    ['is no JSON', [{ path: 'a.json', text: '{' }], /a\.json is no JSON/],
    [
      'has dashboards as before 48',
      [json('d.json', { id: 1, name: 'D', ordered_cards: [] })],
      /d\.json is no dashboard of a form that is known.*\n {2}dashcards: found nothing\. expected "dashcards", as GET \/api\/dashboard\/:id answers since Metabase 48/,
    ],
    [
      'has other shapes, and says who wrote it',
      [yamlCard('a', { name: ['A'], metabase_version: 'v9.99.0' })],
      /a\.yaml is no card of a form that is known \(Metabase 46 and newer\), written by Metabase v9\.99\.0\.\n {2}name: found \["A"\]\. .*string/,
    ],
  ])('that %s is refused with what was found and what was expected', (_how, files, why) => {
    expect(() => landscapeFrom(files, nowMs)).toThrow(why);
  });
});
