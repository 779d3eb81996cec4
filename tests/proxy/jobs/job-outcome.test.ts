import { describe, expect, test } from 'vitest';
import { createFieldScanner } from '../../../src/proxy/answer/field-scanner.ts';
import { billedBy, hidesSlotTime, OUTCOME_PATHS, readOutcome } from '../../../src/proxy/jobs/job-outcome.ts';

/** The outcome read from an answer. */
function outcomeOf(answer: unknown) {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  scanner.write(Buffer.from(JSON.stringify(answer)));
  return readOutcome(scanner.fields);
}

const unknown = {
  jobId: null,
  location: null,
  done: false,
  bytesProcessed: null,
  bytesBilled: null,
  cacheHit: false,
  slotMs: null,
  errorReason: null,
  neverBegan: false,
  reservation: null,
  statementType: null,
  userEmail: null,
};

const jobReference = { projectId: 'p', jobId: 'job_1', location: 'US' };

describe('the outcome of a job', () => {
  test('is read from the answer to jobs.query', () => {
    const answer = {
      kind: 'bigquery#queryResponse',
      schema: { fields: [{ name: 'totalBytesBilled', type: 'INTEGER' }] },
      jobReference,
      totalRows: '1',
      rows: [{ f: [{ v: '99' }] }],
      totalBytesProcessed: '1234',
      totalBytesBilled: '10485760',
      totalSlotMs: '56',
      jobComplete: true,
      cacheHit: false,
    };

    expect(outcomeOf(answer)).toEqual({
      ...unknown,
      jobId: 'job_1',
      location: 'US',
      done: true,
      bytesProcessed: 1234n,
      bytesBilled: 10485760n,
      slotMs: 56,
    });
  });

  test('is read from a job', () => {
    const job = {
      user_email: 'ana@x.example',
      jobReference,
      status: { state: 'DONE' },
      statistics: {
        totalBytesProcessed: '1234',
        totalSlotMs: '56',
        reservation_id: 'admin:US.weekdays',
        query: {
          totalBytesProcessed: '1234',
          totalBytesBilled: '10485760',
          cacheHit: false,
          statementType: 'SELECT',
        },
      },
    };

    expect(outcomeOf(job)).toEqual({
      ...unknown,
      jobId: 'job_1',
      location: 'US',
      done: true,
      bytesProcessed: 1234n,
      bytesBilled: 10485760n,
      slotMs: 56,
      reservation: 'admin:US.weekdays',
      statementType: 'SELECT',
      userEmail: 'ana@x.example',
    });
  });

  test('of a failed job is done, with the reason of the error', () => {
    const job = {
      jobReference,
      status: { state: 'DONE', errorResult: { reason: 'bytesBilledLimitExceeded', message: 'too much' } },
    };

    expect(outcomeOf(job)).toEqual({
      ...unknown,
      jobId: 'job_1',
      location: 'US',
      done: true,
      errorReason: 'bytesBilledLimitExceeded',
    });
  });

  test.each([
    [{ jobReference, jobComplete: false }],
    [{ jobReference, status: { state: 'RUNNING' }, statistics: { totalBytesProcessed: '7' } }],
    [{ jobReference, status: { state: 'PENDING' } }],
    [{ jobReference }],
  ])('is not done while the job runs: %j', (answer) => {
    const outcome = outcomeOf(answer);

    expect([outcome.done, outcome.jobId, outcome.bytesBilled]).toEqual([false, 'job_1', null]);
  });

  test('shows a hit of the result cache, in an answer and in a job', () => {
    expect(outcomeOf({ cacheHit: true, totalBytesBilled: '0' })).toMatchObject({
      cacheHit: true,
      bytesBilled: 0n,
    });
    expect(outcomeOf({ statistics: { query: { cacheHit: true } } }).cacheHit).toBe(true);
  });

  test('is exact beyond 2^53, and takes bytes billed as a string or a number', () => {
    const fields = new Map([['totalBytesBilled', '9007199254740993']]);

    expect(readOutcome(fields).bytesBilled).toBe(9007199254740993n);
    expect(outcomeOf({ totalBytesBilled: 12 }).bytesBilled).toBe(12n);
  });

  test('ignores values that are null, negative or not numbers', () => {
    expect(
      outcomeOf({ totalBytesBilled: null, totalBytesProcessed: '-1', totalSlotMs: 'NaN', user_email: null }),
    ).toEqual(unknown);
  });

  test("prefers the query's own bytes processed to the job's", () => {
    const job = { statistics: { totalBytesProcessed: '1', query: { totalBytesProcessed: '2' } } };

    expect(outcomeOf(job).bytesProcessed).toBe(2n);
  });

  test('is unknown if the answer is empty or is not an object', () => {
    expect(outcomeOf({})).toEqual(unknown);
    expect(outcomeOf([{ jobReference, jobComplete: true }])).toEqual(unknown);
  });
});

describe('what BigQuery does not report of a finished job', () => {
  test.each([
    ['answered from the cache', { cacheHit: true, errorReason: null, neverBegan: false }],
    ['that failed', { cacheHit: false, errorReason: 'invalidQuery', neverBegan: false }],
    ['that was cancelled before it began', { cacheHit: false, errorReason: 'stopped', neverBegan: true }],
  ])('is none, of one %s', (_how, ended) => {
    expect(billedBy({ bytesBilled: null, ...ended })).toBe(0n);
    expect(hidesSlotTime({ slotMs: null, ...ended })).toBe(false);
  });

  test.each([
    ['that ended well', null],
    ['that was cancelled, which may cost up to all of it', 'stopped'],
  ])('is unknown, of one %s', (_how, errorReason) => {
    const ended = { cacheHit: false, errorReason, neverBegan: false };
    expect(billedBy({ bytesBilled: null, ...ended })).toBeNull();
    expect(hidesSlotTime({ slotMs: null, ...ended })).toBe(true);
  });
});

describe('whether a job began', () => {
  test.each([
    ['has ended, and its beginning is not dated', { endTime: '1764489600000' }, true],
    ['ended as it began', { startTime: '1764489600000', endTime: '1764489600000' }, true],
    ['ended after it began', { startTime: '1764489599999', endTime: '1764489600000' }, false],
    ['has not ended', { startTime: '1764489600000' }, false],
    ['is not dated', {}, false],
  ])('is read from a job that %s', (_how, statistics, neverBegan) => {
    expect(outcomeOf({ jobReference, statistics })).toMatchObject({ neverBegan });
  });
});
