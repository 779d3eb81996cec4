import { describe, expect, test } from 'vitest';
import { redashRemark } from '../../../src/caller/remarks/redash.ts';

const HASH = '0cc175b9c0f1b6a831c399e269772661';
const annotation = (username: string, queryId: string) =>
  `/* Username: ${username}, query_id: ${queryId}, Queue: queries, Job ID: 5f2c-9, Query Hash: ${HASH}, Scheduled: False */ `;

describe("Redash's annotation", () => {
  test('names the person and the saved query, and becomes labels', () => {
    const remark = redashRemark(`${annotation('Ana@example.com', '7')}SELECT 1`);

    expect(remark).toEqual({
      text: annotation('Ana@example.com', '7'),
      hints: { tool: 'redash', person: 'Ana@example.com', dashboard: null, card: '7' },
      labels: {
        redash_username: 'ana_example_com',
        redash_query_id: '7',
        redash_queue: 'queries',
        redash_job_id: '5f2c-9',
        redash_query_hash: HASH,
        redash_scheduled: 'false',
      },
    });
  });

  test('is also read in the spelling of older versions', () => {
    const sql = `/* Username: ana, Query ID: 7, Queue: queries, Job ID: 1, Query Hash: ${HASH}, Scheduled: True */ SELECT 1`;

    expect(redashRemark(sql)?.hints.card).toBe('7');
    expect(redashRemark(sql)?.labels).toMatchObject({ redash_query_id: '7', redash_scheduled: 'true' });
  });

  test('names the query by its hash if it is not saved', () => {
    expect(redashRemark(`${annotation('ana', 'adhoc')}SELECT 1`)?.hints.card).toBe(HASH);
  });

  test.each(['<ApiKey: 12>', 'Scheduled', 'None', ''])(
    'names no person and gives no label for the user name %j',
    (username) => {
      const remark = redashRemark(`${annotation(username, '7')}SELECT 1`);

      expect(remark?.hints.person).toBeNull();
      expect(remark?.labels).not.toHaveProperty('redash_username');
    },
  );

  test('ends with the comment and at most one space after it', () => {
    expect(redashRemark(`${annotation('ana', '7')} SELECT 1 /* x */`)?.text).toBe(annotation('ana', '7'));
    expect(redashRemark(`${annotation('ana', '7').trimEnd()}SELECT 1`)?.text).toBe(
      annotation('ana', '7').trimEnd(),
    );
  });

  test.each([
    ['after white space', ` ${annotation('ana', '7')}SELECT 1`],
    ['after the query', `SELECT 1 ${annotation('ana', '7')}`],
    ['without the hash', '/* Username: ana, query_id: 7, Scheduled: False */ SELECT 1'],
    ['with the same key twice', annotation('a, Username: boss', '7')],
    ['that is not closed', annotation('ana', '7').replace('*/', '')],
    ['that a person wrote', '/* for Ana */ SELECT 1'],
    ['longer than Redash writes', annotation('a'.repeat(5000), '7')],
  ])('is not recognised in a comment %s', (_where, sql) => {
    expect(redashRemark(sql)).toBeNull();
  });
});
