import { describe, expect, test } from 'vitest';
import { createRepeats } from '../../src/proxy/repeats.ts';
import { asker } from '../estimate/builders.ts';
import { type Method, queryIn } from './request/job/job-requests.ts';

const team = { name: 'atendimento', title: 'Atendimento', language: 'en', contact: null } as const;

/** A query with a request ID, admitted under this decision and cap. */
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
  test('keeps the decision and cap of the first time, so that BigQuery recognises it', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 200n))).toEqual({ id: 'first', cap: 100n });
  });

  test('is the same however long its client waits for an answer, as it is for BigQuery', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n, { body: { requestId: 'r', timeoutMs: 10_000 } }));

    const again = admitted('again', 100n, { body: { requestId: 'r', timeoutMs: 9_000 } });

    expect(repeats.sameAsBefore(again).id).toBe('first');
  });

  test('gets a decision and cap of its own if the first cap is more than is reserved now', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 99n))).toEqual({ id: 'again', cap: 99n });
    expect(repeats.sameAsBefore(admitted('third', 100n))).toEqual({ id: 'again', cap: 99n });
  });

  test('gets a decision of its own once its first cap proved too low', () => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));
    repeats.forget(admitted('first', 100n));

    expect(repeats.sameAsBefore(admitted('again', 100n)).id).toBe('again');
  });

  test.each([
    ['has another body', { body: { requestId: 'r', maxResults: 1 } }],
    ['has another credential', { token: 'bia' }],
    ['has no request ID', { body: {} }],
    ['uses jobs.insert, where BigQuery goes by the job ID', { method: 'jobs.insert' as const }],
  ])('does not count as the same if it %s', (_what, changes) => {
    const repeats = createRepeats(10);
    repeats.sameAsBefore(admitted('first', 100n));
    repeats.sameAsBefore(admitted('other', 100n, changes));

    expect(repeats.sameAsBefore(admitted('again', 100n, changes)).id).not.toBe('first');
  });
});
