import { describe, expect, test } from 'vitest';
import { readExport } from '../../../../src/reports/audit/read-export.ts';
import { DB, native, nowMs, yamlCard, yamlDashboard } from './exports.ts';

describe('an export in YAML', () => {
  test('has cards with SQL in stages, and in the form of older versions', () => {
    const tags = { a: { name: 'a', type: 'text', default: 'x' } };
    const older = { type: 'native', database: DB, native: { query: 'SELECT {{a}}', 'template-tags': tags } };
    const asList = native('SELECT {{a}}', Object.values(tags));

    const { cards } = readExport(
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

  test('has names for the columns of field filters, whatever the order of the reference', () => {
    const filter = (dimension: unknown) =>
      native('{{f}}', [{ name: 'f', type: 'dimension', 'widget-type': 'date/range', dimension }]);
    const path = [DB, 'sales', 'orders', 'day'];

    const { cards } = readExport(
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

  test('says what cards of the query builder read, including joins and other cards', () => {
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

    const { cards } = readExport([yamlCard('q', { dataset_query: query })], nowMs);

    expect(cards.get('q')?.query).toEqual({ kind: 'query builder', sources: ['sales.orders', 'card abc'] });
  });

  test('has cards on dashboards with their filters’ values, including overlaid cards, without text boxes', () => {
    const { dashboards } = readExport(
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
        filterValues: new Map([
          ['when', 'past7days'],
          ['who', null],
        ]),
      },
      { cardId: 'b', filterValues: new Map([['of_b', 'past7days']]) },
    ]);
  });

  test('leaves out archived items, and says why it could not use others', () => {
    const contents = readExport(
      [
        yamlCard('a', { archived: true }),
        yamlCard('b', { dataset_query: { type: 'graphql' } }),
        yamlDashboard({ dashcards: [{ card_id: 'gone', parameter_mappings: [] }] }),
      ],
      nowMs,
    );

    expect(contents.cards.size).toBe(0);
    expect(contents.notUnderstood).toEqual([
      {
        file: 'collections/main/b.yaml',
        why: expect.stringMatching(/card "card b": expected dataset_query with "stages"/),
      },
      { file: 'dashboard "D"', why: expect.stringMatching(/card gone/) },
    ]);
  });
});
