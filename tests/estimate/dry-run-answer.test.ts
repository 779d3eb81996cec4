import { describe, expect, test } from 'vitest';
import { createDryRun } from '../../src/estimate/dry-run.ts';
import { MIB } from '../../src/vocabulary/bytes.ts';
import { littleServer, sendJson } from '../little-server.ts';
import { ANA, asker, job } from './builders.ts';
import { unpriced } from './unpriced.ts';

const ana = asker(`sandbox:${ANA}`);

describe('an estimate read from the answer to a dry run', () => {
  async function estimateFrom(body: unknown) {
    const server = await littleServer((response) => sendJson(response, 200, body));
    return createDryRun({ upstream: server.url, timeoutMs: 5000 })(job('SELECT 1'), ana);
  }

  test('has exact bytes beyond 2^53', async () => {
    const estimate = await estimateFrom({
      statistics: { query: { totalBytesProcessed: '9007199254740993' } },
    });

    expect(estimate.bytesProcessed).toBe(9007199254740993n);
  });

  test('takes bytes from the statistics if the query has none, and defaults for the rest', async () => {
    expect(await estimateFrom({ statistics: { totalBytesProcessed: '5', query: {} } })).toMatchObject({
      principal: null,
      statementType: 'UNKNOWN',
      location: 'US',
      bytesProcessed: 5n,
      bytesBilled: 10n * MIB,
      accuracy: 'UNKNOWN',
      referencedTables: [],
    });
  });

  test('has only the accuracies that the API defines, otherwise UNKNOWN', async () => {
    const accuracyOf = async (totalBytesProcessedAccuracy: string) =>
      (
        await estimateFrom({
          statistics: { query: { totalBytesProcessed: '1', totalBytesProcessedAccuracy } },
        })
      ).accuracy;

    expect(await accuracyOf('LOWER_BOUND')).toBe('LOWER_BOUND');
    expect(await accuracyOf('UPPER_BOUND')).toBe('UPPER_BOUND');
    expect(await accuracyOf('ROUGHLY')).toBe('UNKNOWN');
  });

  test.each([{}, { totalBytesProcessed: '0' }])(
    'is unknown if row-level security hides what is processed: %j',
    async (processed) => {
      const estimate = await estimateFrom({
        statistics: {
          rowLevelSecurityStatistics: { rowLevelSecurityApplied: true },
          query: { ...processed, totalBytesProcessedAccuracy: 'PRECISE' },
        },
      });

      expect([estimate.bytesProcessed, estimate.accuracy]).toEqual([0n, 'UNKNOWN']);
    },
  );

  test.each([
    ['7', true],
    ['0', false],
  ])(
    'of %s bytes is as exact as the dry run says if row-level security hides nothing',
    async (totalBytesProcessed, rowLevelSecurityApplied) => {
      const estimate = await estimateFrom({
        statistics: {
          rowLevelSecurityStatistics: { rowLevelSecurityApplied },
          query: { totalBytesProcessed, totalBytesProcessedAccuracy: 'UPPER_BOUND' },
        },
      });

      expect([estimate.bytesProcessed, estimate.accuracy]).toEqual([
        BigInt(totalBytesProcessed),
        'UPPER_BOUND',
      ]);
    },
  );

  test.each([
    [49, 'PRECISE', 'PRECISE'],
    [50, 'PRECISE', 'LOWER_BOUND'],
    [51, 'UPPER_BOUND', 'LOWER_BOUND'],
    [51, 'UNKNOWN', 'UNKNOWN'],
  ])('over %i tables that the dry run says is %s is %s', async (count, said, accuracy) => {
    const referencedTables = Array.from({ length: count }, (_, index) => ({
      projectId: 'p',
      datasetId: 'd',
      tableId: `t${index}`,
    }));
    const estimate = await estimateFrom({
      statistics: {
        query: { totalBytesProcessed: '1', totalBytesProcessedAccuracy: said, referencedTables },
      },
    });

    expect(estimate.accuracy).toBe(accuracy);
  });

  test.each([
    ['SCRIPT', 'PRECISE', 'LOWER_BOUND'],
    ['SCRIPT', 'UPPER_BOUND', 'LOWER_BOUND'],
    ['CALL', 'PRECISE', 'LOWER_BOUND'],
    ['EXECUTE_IMMEDIATE', 'PRECISE', 'LOWER_BOUND'],
    ['SCRIPT', 'UNKNOWN', 'UNKNOWN'],
    ['CREATE_MODEL', 'PRECISE', 'LOWER_BOUND'],
    ['EXPORT_MODEL', 'PRECISE', 'PRECISE'],
    ['SELECT', 'PRECISE', 'PRECISE'],
    ['MERGE', 'UPPER_BOUND', 'UPPER_BOUND'],
  ])('of %s that the dry run says is %s is %s', async (statementType, said, accuracy) => {
    const query = { totalBytesProcessed: '1', totalBytesProcessedAccuracy: said, statementType };

    expect((await estimateFrom({ statistics: { query } })).accuracy).toBe(accuracy);
  });

  test('names each table without the partition or the time of a decorator, by which rules would not know it', async () => {
    const tableIds = ['t$20260101', 't$20260102', 'u@-3600000', 'v', 'w$__PARTITIONS_SUMMARY__'];
    const referencedTables = tableIds.map((tableId) => ({ projectId: 'p', datasetId: 'd', tableId }));
    const estimate = await estimateFrom({
      statistics: { query: { totalBytesProcessed: '1', referencedTables } },
    });

    // What legacy SQL tells about partitions reads no rows of the table.
    expect(estimate.referencedTables.map(({ tableId }) => tableId)).toEqual([
      't',
      't',
      'u',
      'v',
      'w$__PARTITIONS_SUMMARY__',
    ]);
    expect(estimate.bytesBilled).toBe(50n * MIB);
  });

  test('has the views that the query resolves, apart from the tables: they bill no minimum', async () => {
    const referencedTables = [{ projectId: 'p', datasetId: 'd', tableId: 't' }];
    const referencedLogicalViews = ['v', 'w'].map((tableId) => ({ projectId: 'p', datasetId: 'd', tableId }));
    const estimate = await estimateFrom({
      statistics: { query: { totalBytesProcessed: '1', referencedTables, referencedLogicalViews } },
    });

    expect(estimate).toMatchObject({ referencedTables, referencedViews: referencedLogicalViews });
    expect(estimate.bytesBilled).toBe(10n * MIB);
  });

  test('has the functions and procedures that the query runs, by their full names', async () => {
    const referencedRoutines = [{ projectId: 'p', datasetId: 'd', routineId: 'translate' }];
    const estimate = await estimateFrom({
      statistics: { query: { totalBytesProcessed: '1', referencedRoutines } },
    });

    expect(estimate.referencedRoutines).toEqual(['p.d.translate']);
  });

  test('has the location where the job would run', async () => {
    const estimate = await estimateFrom({
      jobReference: { location: 'southamerica-east1' },
      statistics: { query: { totalBytesProcessed: '1' } },
    });

    expect(estimate.location).toBe('southamerica-east1');
  });

  test.each([
    ['an empty object', {}, 'could not be understood'],
    ['a job without a query', { statistics: { totalBytesProcessed: '1' } }, 'could not be understood'],
    ['no bytes', { statistics: { query: {} } }, 'names no totalBytesProcessed'],
    ['negative bytes', { statistics: { query: { totalBytesProcessed: '-1' } } }, 'could not be understood'],
    ['bytes that are not a number', { statistics: { query: { totalBytesProcessed: '1e9' } } }, 'understood'],
    ['a list', [], 'could not be understood'],
    ['null', null, 'could not be understood'],
  ])('is not made from %s', async (_what, body, why) => {
    const error = await unpriced(estimateFrom(body));

    expect(error.answer).toBeNull();
    expect(error.message).toContain(why);
  });
});
