import { describe, expect, test } from 'vitest';
import { refuseFieldParameters } from '../../../src/proxy/request/parameters.ts';
import { BadRequest } from '../../../src/proxy/stop.ts';

const QUERIES = '/bigquery/v2/projects/p/queries';

describe('a parameter that may fill a field of the request is refused', () => {
  test.each([
    ['query', '?query=SELECT+1'],
    ['query_request.query', '?query_request.query=SELECT+1'],
    ['job.configuration.dryRun', '?alt=json&job.configuration.dryRun=false'],
    ['dryRun', '?dryRun=false'],
    ['dry_run', '?fields=rows;dry_run=false'],
    ['Alt', '?Alt=json'],
    ['query', '?key=%3F&%71uery=1'],
    ['', '?=1'],
  ])('%j in %s', (name, search) => {
    const refuse = () => refuseFieldParameters(`${QUERIES}${search}`);

    expect(refuse).toThrow(BadRequest);
    expect(refuse).toThrow(`The parameter ${name} is not accepted`);
  });
});

test.each([
  '',
  '?',
  '?alt=json&prettyPrint=false&fields=jobReference(jobId),rows',
  '?%24alt=json&$.xgafv=2&$prettyPrint=1',
  '?key=k&quotaUser=ana&userIp=::1&userProject=p&trace=token:x',
  '?uploadType=resumable&upload_protocol=resumable&upload_id=u',
])('the parameters that Google accepts on every request are accepted: %s', (search) => {
  expect(() => refuseFieldParameters(`${QUERIES}${search}`)).not.toThrow();
});
