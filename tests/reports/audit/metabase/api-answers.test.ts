import { describe, expect, test } from 'vitest';
import { readExport } from '../../../../src/reports/audit/read-export.ts';
import { apiCard, json, native, nowMs } from './exports.ts';

describe('answers of Metabase’s API', () => {
  test('give a card once however often it occurs, and count views by age', () => {
    const body = { id: 3, name: 'D', view_count: 300, created_at: '2026-10-26T00:00:00Z', parameters: [] };
    const { cards, dashboards } = readExport(
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

  test('give the caching of results by policy, and by hours in older versions', () => {
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

    const { cards } = readExport(
      [json('cards.json', [apiCard(1), apiCard(2), apiCard(3, { cache_ttl: 6 })]), json('cache.json', cache)],
      nowMs,
    );

    expect([...cards.values()].map((card) => card.cache)).toEqual([
      { kind: 'for', ms: 172_800_000, refreshesItself: true },
      { kind: 'not counted', policy: 'adaptive' },
      { kind: 'for', ms: 21_600_000, refreshesItself: false },
    ]);
  });

  test('give the caching of results that a card inherits: of its database, or else of all of Metabase', () => {
    const policy = (model: string, model_id: number, duration: number) => ({
      model,
      model_id,
      strategy: { type: 'duration', duration, unit: 'hours' },
    });
    const cache = { data: [policy('root', 0, 1), policy('database', 5, 2)] };

    const { cards } = readExport(
      [json('cards.json', [apiCard(1, { database_id: 5 }), apiCard(2)]), json('cache.json', cache)],
      nowMs,
    );

    expect([...cards.values()].map((card) => card.inheritedCache)).toMatchObject([
      { ms: 7_200_000 },
      { ms: 3_600_000 },
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

    const { cards } = readExport(
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

  test('of an unknown kind are reported, not dropped', () => {
    const { notUnderstood } = readExport(
      [json('cards.json', [apiCard(1)]), json('users.json', { users: 3 })],
      nowMs,
    );

    expect(notUnderstood).toEqual([
      { file: 'users.json', why: expect.stringMatching(/expected an answer of GET/) },
    ]);
  });
});
