import { describe, expect, test } from 'vitest';
import { readExport } from '../../../src/reports/audit/read-export.ts';
import { json, nowMs, yamlCard } from './metabase/exports.ts';

describe('a folder of SQL', () => {
  test('gives a card per file and a dashboard per folder', () => {
    const files = ['sales/a.sql', 'sales/b.sql', 'c.sql'].map((path) => ({ path, text: 'SELECT 1' }));

    const { cards, dashboards } = readExport(files, nowMs);

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
  ])('that %s is rejected with what was found and what was expected', (_how, files, why) => {
    expect(() => readExport(files, nowMs)).toThrow(why);
  });
});
