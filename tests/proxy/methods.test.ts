import { describe, expect, test } from 'vitest';
import { classify } from '../../src/proxy/methods.ts';

const QUERIES = '/bigquery/v2/projects/p/queries';
const JOBS = '/bigquery/v2/projects/p/jobs';

describe('the method table', () => {
  test('guards jobs.query and jobs.insert, and names their project', () => {
    expect(classify('POST', QUERIES, {})).toEqual({ kind: 'guarded', method: 'jobs.query', projectId: 'p' });
    expect(classify('POST', JOBS, {})).toEqual({ kind: 'guarded', method: 'jobs.insert', projectId: 'p' });
  });

  test.each([
    ['GET', JOBS],
    ['GET', `${QUERIES}/job_1`],
    ['GET', '/bigquery/v2/projects/p/datasets/d/tables/t'],
    ['POST', `${JOBS}/job_1/cancel`],
    ['DELETE', '/bigquery/v2/projects/p/datasets/d'],
    ['GET', '/discovery/v1/apis/bigquery/v2/rest'],
  ])('passes %s %s', (method, path) => {
    expect(classify(method, path, {})).toEqual({ kind: 'passed' });
  });

  test.each([
    ['a percent-encoded letter', '/bigquery/v2/projects/p/%71ueries'],
    ['a doubled slash', '/bigquery/v2/projects/p//queries'],
    ['a dot segment', '/bigquery/v2/projects/p/x/../queries'],
    ['another case', '/bigquery/v2/projects/p/Queries'],
    ['a slash at the end', `${QUERIES}/`],
    ['a path parameter', `${QUERIES};x=1`],
    ['an upload', '/upload/bigquery/v2/projects/p/jobs'],
    ['a resumable upload', '/resumable/upload/bigquery/v2/projects/p/jobs'],
    ['a batch', '/batch/bigquery/v2'],
  ])('refuses %s', (_name, path) => {
    expect(classify('POST', path, {})).toMatchObject({ kind: 'refused', why: expect.stringMatching(/\w/) });
  });

  test('refuses a method that hides behind an override header', () => {
    const overridden = classify('GET', QUERIES, { 'x-http-method-override': 'POST' });

    expect(overridden).toMatchObject({ kind: 'refused' });
  });
});
