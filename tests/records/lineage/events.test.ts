import { describe, expect, test } from 'vitest';
import { eventsOf } from '../../../src/records/lineage/events.ts';
import { eventJson } from '../../../src/records/lineage/run-event.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import { decision, settlement } from '../builders.ts';
import { byDay, id, options, sentEvents, tickets, typesOf } from './sent-events.ts';

describe('the events of a query that ran', () => {
  test('name its card, what it read and what it cost', () => {
    const [start, end, ...others] = sentEvents({});

    expect(others).toEqual([]);
    expect(start).toMatchObject({
      eventType: 'START',
      eventTime: '2026-11-24T12:00:00.000Z',
      run: { runId: id },
      job: { namespace: 'guardrail', name: 'metabase/dashboard/3/card/7' },
      inputs: [{ namespace: 'bigquery', name: 'guardrail-demo.atendimento.tickets' }],
      outputs: [],
    });
    expect(end).toMatchObject({
      eventType: 'COMPLETE',
      eventTime: '2026-11-24T12:00:01.000Z',
      run: {
        runId: id,
        facets: {
          guardrail_cost: {
            team: 'atendimento',
            bytesProcessed: 900,
            bytesBilled: 1000,
            costMicros: 60,
            currency: 'USD',
            slotMs: 42,
          },
          guardrail_query: {
            decisionId: id,
            statementType: 'SELECT',
            tool: 'metabase',
            dashboard: '3',
            card: '7',
          },
          externalQuery: { externalQueryId: `guardrail-demo:US.job_of_${id}`, source: 'bigquery' },
        },
      },
      job: { facets: { sql: { query: 'SELECT subject FROM atendimento.tickets' } } },
    });
  });

  test('name no person and no principal', () => {
    const text = JSON.stringify(
      sentEvents({ decision: { caller: { ...decision().caller, person: 'ana@example.com' } } }),
    );

    expect(text).not.toContain('ana@example.com');
    expect(text).not.toContain('iam.gserviceaccount.com');
  });

  test('keep counts exact that a double cannot hold', () => {
    const run = {
      decision: decision({ id }),
      settlement: settlement({ bytesBilled: 9_007_199_254_740_993n }),
      earlier: [],
      columnLineage: null,
    };

    expect(eventsOf(run, options).map(eventJson).join()).toContain('"bytesBilled":9007199254740993,');
  });

  test("report a failed job with the warehouse's reason", () => {
    const events = sentEvents({ settlement: { errorReason: 'resourcesExceeded' } });

    expect(typesOf(events)).toEqual(['START', 'FAIL']);
    expect(events[1]?.run.facets['errorMessage']).toMatchObject({ message: 'resourcesExceeded' });
  });

  test('that reconciliation found to have bypassed guardrail has a run ID that stays', () => {
    const unguarded: Partial<Decision> = {
      id: 'unguarded-0123456789abcdef0123456789abcdef',
      outcome: 'unguarded',
      estimate: null,
      sql: 'SELECT subject FR',
      caller: { principal: null, team: 'outros', tool: null, person: null, dashboard: null, card: null },
      reading: { ...decision().reading, reader: 'none', tables: [], fingerprint: '' },
    };

    const [first] = sentEvents({ decision: unguarded, settlement: { source: 'reconciled' } });
    const [again] = sentEvents({ decision: unguarded, settlement: { source: 'reconciled' } });

    expect(first?.run.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again?.run.runId).toBe(first?.run.runId);
    expect(first).toMatchObject({ inputs: [], job: { name: 'query/unguarded' } });
    expect(first?.job.facets['sql']).toBeUndefined();
  });
});

describe('the job name in events', () => {
  const nobody = { ...decision().caller, tool: null, dashboard: null, card: null };
  test.each([
    [{ tool: 'metabase', dashboard: '3', card: '7' }, 'metabase/dashboard/3/card/7'],
    [{ tool: 'metabase', card: '7' }, 'metabase/card/7'],
    [{ tool: 'looker', dashboard: '3' }, 'looker/dashboard/3/query/0123456789abcdef'],
    [{ tool: 'python' }, 'python/query/0123456789abcdef'],
    [{}, 'query/0123456789abcdef'],
  ])('of %j is %s', (caller, name) => {
    expect(sentEvents({ decision: { caller: { ...nobody, ...caller } } })[0]?.job.name).toBe(name);
  });
});

test('a job without SQL is named after the table it fills, and names the table it copies', () => {
  const [, end] = sentEvents({
    decision: {
      estimate: null,
      writes: [byDay],
      sql: '',
      caller: { ...decision().caller, tool: 'python', dashboard: null, card: null },
      reading: {
        ...decision().reading,
        reader: 'none',
        unreadReason: NO_SQL,
        statement: 'COPY',
        tables: [{ table: tickets, star: true, projected: [], filtered: [], joined: [], grouped: [] }],
      },
    },
  });

  expect(end).toMatchObject({
    job: {
      name: 'python/copy/guardrail-demo.atendimento.tickets_by_day',
      facets: { jobType: { jobType: 'COPY' } },
    },
    inputs: [{ name: 'guardrail-demo.atendimento.tickets' }],
    outputs: [{ name: 'guardrail-demo.atendimento.tickets_by_day' }],
  });
});

describe('SQL in events', () => {
  test.each([
    ['stored', 'SELECT 1', 'SELECT 1', undefined],
    ['masked', 'SELECT ?', 'SELECT ?', undefined],
    ['masked', 'sha256:ab', undefined, undefined],
    ['hashed', 'sha256:ab', undefined, 'sha256:ab'],
    ['dropped', '', undefined, undefined],
  ] as const)(
    'that the policy keeps %s as "%s" is sent in that form',
    (sqlRetention, sql, query, sqlDigest) => {
      for (const event of sentEvents({ decision: { sqlRetention, sql } })) {
        expect(event.job.facets['sql']?.['query']).toBe(query);
        expect(event.run.facets['guardrail_query']?.['sqlDigest']).toBe(sqlDigest);
      }
    },
  );
});
