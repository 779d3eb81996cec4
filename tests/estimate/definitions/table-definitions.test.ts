import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTableDefinitions } from '../../../src/estimate/definitions/table-definitions.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { ANA, asker } from '../builders.ts';
import { made, table } from './definitions.ts';

describe('a definition from the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 3000 });
  }, 120_000);
  afterAll(() => sandbox.close());

  const of = (tableId: string) =>
    createTableDefinitions({ upstream: sandbox.url, timeoutMs: 60_000, ttlMs: 60_000, maxEntries: 10 }).of(
      table(tableId),
      asker(`sandbox:${ANA}`),
    );

  test('has the columns, partitioning and clustering of a table', async () => {
    expect(await of('tickets')).toMatchObject({
      table: table('tickets'),
      kind: 'TABLE',
      columns: expect.arrayContaining([
        { name: 'ticket_id', type: 'INT64' },
        { name: 'created_at', type: 'TIMESTAMP' },
      ]),
      partitionColumn: 'created_at',
      clusterColumns: ['status', 'channel'],
      bytes: expect.any(BigInt),
    });
  });

  test('has no partitioning or clustering for a table without them, or for a view', async () => {
    const none = { partitionColumn: null, clusterColumns: [] };
    expect(await of('agents')).toMatchObject({ kind: 'TABLE', ...none });
    expect(await of('daily_volume')).toMatchObject({ kind: 'VIEW', ...none, bytes: null });
  });

  test('is null for a table that does not exist', async () => {
    expect(await of('nowhere')).toBeNull();
  });
});

describe('a definition read from a table resource', () => {
  test('has the pseudo column as partition column under ingestion-time partitioning', async () => {
    expect(await made({ type: 'TABLE', timePartitioning: { type: 'HOUR' } })).toMatchObject({
      partitionColumn: '_PARTITIONTIME',
    });
  });

  test('has the partition column under range partitioning', async () => {
    const rangePartitioning = { field: 'customer_id', range: { start: '0', end: '10', interval: '1' } };
    expect(await made({ type: 'TABLE', rangePartitioning })).toMatchObject({
      partitionColumn: 'customer_id',
    });
  });

  test('has types named as in SQL', async () => {
    const fields = [
      { name: 'Tags', type: 'STRING', mode: 'REPEATED' },
      { name: 'address', type: 'RECORD', fields: [{ name: 'city', type: 'STRING' }] },
      { name: 'score', type: 'FLOAT', mode: 'NULLABLE' },
      { name: 'open', type: 'BOOLEAN' },
      { name: 'price', type: 'NUMERIC' },
    ];
    expect(
      (await made({ type: 'TABLE', schema: { fields }, numBytes: '9007199254740993' }))?.columns,
    ).toEqual([
      { name: 'Tags', type: 'ARRAY<STRING>' },
      { name: 'address', type: 'STRUCT' },
      { name: 'score', type: 'FLOAT64' },
      { name: 'open', type: 'BOOL' },
      { name: 'price', type: 'NUMERIC' },
    ]);
  });

  test.each([
    ['a view', { type: 'VIEW', view: { query: 'SELECT 1', useLegacySql: false } }, 'SELECT 1'],
    [
      'a materialized view',
      { type: 'MATERIALIZED_VIEW', materializedView: { query: 'SELECT 2' } },
      'SELECT 2',
    ],
    ['no view in legacy SQL', { type: 'VIEW', view: { query: 'SELECT 3', useLegacySql: true } }, undefined],
    ['no view that may be in legacy SQL', { type: 'VIEW', view: { query: 'SELECT 4' } }, undefined],
    ['no table', { type: 'TABLE' }, undefined],
  ])('has the GoogleSQL of %s', async (_what, resource, sql) => {
    expect((await made(resource))?.sql).toBe(sql);
  });

  test('has exact bytes, even beyond the range of a double', async () => {
    expect((await made({ type: 'TABLE', numBytes: '9007199254740993' }))?.bytes).toBe(9007199254740993n);
  });
});
