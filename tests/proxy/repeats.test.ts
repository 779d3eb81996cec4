import { describe, expect, test } from 'vitest';
import { createRepeats } from '../../src/proxy/repeats.ts';
import { asker } from '../estimate/builders.ts';
import { type Method, queryIn } from './request/job-requests.ts';

const team = { name: 'atendimento', title: 'Atendimento', language: 'en' } as const;

/** A query under a request ID, as it was admitted under a decision and a cap. */
function admitted(
  id: string,
  cap: bigint,
  {
    method = 'jobs.query',
    body = { requestId: 'r' },
    token = 'ana',
  }: {
    readonly method?: Method;
    readonly body?: object;
    readonly token?: string;
  } = {},
) {
  const query = { query: 'SELECT 1' };
  const whole = method === 'jobs.query' ? { ...query, ...body } : { configuration: { query }, ...body };
  return { id, cap, job: queryIn(method, whole), asker: asker(token), team };
}

describe('a request that a client sends again', () => {
  test('goes under the decision and the cap of the first time, so that BigQuery knows it', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 200n))).toEqual({ id: 'first', cap: 100n });
  });

  test('goes under its own where the first cap is more than what is reserved now', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 99n))).toEqual({ id: 'again', cap: 99n });
    expect(repeats.sameAsBefore(admitted('third', 100n))).toEqual({ id: 'again', cap: 99n });
  });

  test('is another once its cap was too tight', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));
    repeats.forget(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 100n)).id).toBe('again');
  });

  test.each([
    ['of another body', { body: { requestId: 'r', maxResults: 1 } }],
    ['of another credential', { token: 'bia' }],
    ['without a request ID', { body: {} }],
    ['by jobs.insert, which BigQuery knows by the job', { method: 'jobs.insert' as const }],
  ])('is none where it is %s', (_what, changes) => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));
    repeats.sameAsBefore(admitted('other', 100n, changes));

    expect(repeats.sameAsBefore(admitted('again', 100n, changes)).id).not.toBe('first');
  });
});
