import { describe, expect, test } from 'vitest';
import { type EventOptions, eventsOf, type SettledRun } from '../../../src/records/lineage/events.ts';
import { eventJson, type RunEvent } from '../../../src/records/lineage/run-event.ts';
import type { Decision, Settlement } from '../../../src/vocabulary/decision.ts';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import { faultsOf } from '../../lineage/validity.ts';
import { decision, estimateOf, settlement } from '../builders.ts';

const options: EventOptions = { producer: 'urn:guardrail:guardrail', namespace: 'guardrail' };
const id = '3f0c2d7e-8a1b-4c5d-9e6f-001122334455';
const tickets = { projectId: 'guardrail-demo', datasetId: 'atendimento', tableId: 'tickets' };
const byDay = { ...tickets, tableId: 'tickets_by_day' };

interface Told {
  readonly decision?: Partial<Decision>;
  readonly settlement?: Partial<Settlement>;
  readonly earlier?: readonly Partial<Settlement>[];
  readonly columnLineage?: SettledRun['columnLineage'];
}

/** The events as a target gets them. */
function told({
  decision: changes,
  settlement: of,
  earlier = [],
  columnLineage = null,
}: Told): readonly RunEvent[] {
  const run = {
    decision: decision({ id, ...changes }),
    settlement: settlement({ decisionId: id, ...of }),
    earlier: earlier.map((one) => settlement({ decisionId: id, ...one })),
    columnLineage,
  };
  return eventsOf(run, options).map((event) => JSON.parse(eventJson(event)));
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ eventType }) => eventType);

const ctas: Partial<Decision> = {
  sql: 'CREATE TABLE atendimento.tickets_by_day AS SELECT subject AS s FROM atendimento.tickets WHERE body = "x"',
  writes: [byDay],
  reading: {
    ...decision().reading,
    statement: 'CREATE TABLE',
    tables: [
      { table: tickets, star: false, projected: ['subject'], filtered: ['body'], joined: [], grouped: [] },
    ],
  },
};

describe('a query that ran', () => {
  test('is told as the run of its card, with what it read and what it cost', () => {
    const [start, end, ...others] = told({});

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

  test('names no person and no principal', () => {
    const text = JSON.stringify(
      told({ decision: { caller: { ...decision().caller, person: 'ana@example.com' } } }),
    );

    expect(text).not.toContain('ana@example.com');
    expect(text).not.toContain('iam.gserviceaccount.com');
  });

  test('keeps counts exact that no double holds', () => {
    const run = {
      decision: decision({ id }),
      settlement: settlement({ bytesBilled: 9_007_199_254_740_993n }),
      earlier: [],
      columnLineage: null,
    };

    expect(eventsOf(run, options).map(eventJson).join()).toContain('"bytesBilled":9007199254740993,');
  });

  test('is told as failed with the warehouse’s reason where its job failed', () => {
    const events = told({ settlement: { errorReason: 'resourcesExceeded' } });

    expect(typesOf(events)).toEqual(['START', 'FAIL']);
    expect(events[1]?.run.facets['errorMessage']).toMatchObject({ message: 'resourcesExceeded' });
  });

  test('that reconciliation found past the guardrail has a run ID that stays', () => {
    const unguarded: Partial<Decision> = {
      id: 'unguarded-0123456789abcdef0123456789abcdef',
      outcome: 'unguarded',
      estimate: null,
      sql: 'SELECT subject FR',
      caller: { principal: null, team: 'outros', tool: null, person: null, dashboard: null, card: null },
      reading: { ...decision().reading, reader: 'none', tables: [], fingerprint: '' },
    };

    const [first] = told({ decision: unguarded, settlement: { source: 'reconciled' } });
    const [again] = told({ decision: unguarded, settlement: { source: 'reconciled' } });

    expect(first?.run.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again?.run.runId).toBe(first?.run.runId);
    expect(first).toMatchObject({ inputs: [], job: { name: 'query/unguarded' } });
    expect(first?.job.facets['sql']).toBeUndefined();
  });
});

describe('the name of a job', () => {
  const nobody = { ...decision().caller, tool: null, dashboard: null, card: null };
  test.each([
    [{ tool: 'metabase', dashboard: '3', card: '7' }, 'metabase/dashboard/3/card/7'],
    [{ tool: 'metabase', card: '7' }, 'metabase/card/7'],
    [{ tool: 'looker', dashboard: '3' }, 'looker/dashboard/3/query/0123456789abcdef'],
    [{ tool: 'python' }, 'python/query/0123456789abcdef'],
    [{}, 'query/0123456789abcdef'],
  ])('of %j is %s', (caller, name) => {
    expect(told({ decision: { caller: { ...nobody, ...caller } } })[0]?.job.name).toBe(name);
  });
});

test('a job without SQL is named by what it fills, and tells what it copies', () => {
  const [, end] = told({
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

describe('what is written', () => {
  test('is an output, with the columns that its columns are made of and depend on', () => {
    const lineage = new Map([
      ['s', [{ table: { ...tickets, datasetId: '' }, column: 'subject', derivation: 'IDENTITY' as const }]],
      [
        'n',
        [
          {
            table: { ...tickets, datasetId: '', tableId: 'nowhere' },
            column: 'x',
            derivation: 'IDENTITY' as const,
          },
        ],
      ],
    ]);

    const [, end] = told({ decision: ctas, columnLineage: lineage });

    const input = { namespace: 'bigquery', name: 'guardrail-demo.atendimento.tickets' };
    expect(end?.outputs).toMatchObject([
      {
        namespace: 'bigquery',
        name: 'guardrail-demo.atendimento.tickets_by_day',
        facets: {
          columnLineage: {
            fields: {
              s: {
                inputFields: [
                  { ...input, field: 'subject', transformations: [{ type: 'DIRECT', subtype: 'IDENTITY' }] },
                ],
              },
            },
            dataset: [
              { ...input, field: 'body', transformations: [{ type: 'INDIRECT', subtype: 'FILTER' }] },
            ],
          },
        },
      },
    ]);
    expect(Object.keys(Object(end?.outputs[0]?.facets?.['columnLineage']?.['fields']))).toEqual(['s']);
    expect(end?.inputs[0]?.inputFacets?.['guardrail_columnUse']).toMatchObject({
      projected: ['subject'],
      filtered: ['body'],
    });
  });

  test('by a script to several tables has no columns told, which would be mixed up', () => {
    const [, end] = told({
      decision: { ...ctas, writes: [byDay, { ...byDay, tableId: 'other' }] },
      columnLineage: new Map(),
    });

    expect(end?.outputs.map(({ name, facets }) => [name, facets])).toEqual([
      ['guardrail-demo.atendimento.tickets_by_day', undefined],
      ['guardrail-demo.atendimento.other', undefined],
    ]);
  });
});

describe('the SQL', () => {
  test.each([
    ['stored', 'SELECT 1', 'SELECT 1', undefined],
    ['masked', 'SELECT ?', 'SELECT ?', undefined],
    ['masked', 'sha256:ab', undefined, undefined],
    ['hashed', 'sha256:ab', undefined, 'sha256:ab'],
    ['dropped', '', undefined, undefined],
  ] as const)('that is %s as "%s" is told as the policy keeps it', (sqlRetention, sql, query, sqlDigest) => {
    for (const event of told({ decision: { sqlRetention, sql } })) {
      expect(event.job.facets['sql']?.['query']).toBe(query);
      expect(event.run.facets['guardrail_query']?.['sqlDigest']).toBe(sqlDigest);
    }
  });
});

describe('what is told', () => {
  test.each<readonly [string, Told, readonly string[]]>([
    ['of a query that was not run, nothing', { settlement: { source: 'not run', jobId: null } }, []],
    ['of a request that was sent again, nothing', { settlement: { source: 'repeated' } }, []],
    [
      'of a run that nobody heard of, its beginning',
      { settlement: { source: 'assumed', jobId: null } },
      ['START', 'OTHER'],
    ],
    ['once it is heard of, its end', { earlier: [{ source: 'assumed' }] }, ['COMPLETE']],
    ['of a correction, further figures', { earlier: [{}], settlement: { source: 'reconciled' } }, ['OTHER']],
    [
      'of what was not run after all, that it was none',
      { earlier: [{ source: 'assumed' }], settlement: { source: 'reconciled', jobId: null } },
      ['ABORT'],
    ],
    [
      'of a job that the warehouse has lost, further figures',
      { earlier: [{}], settlement: { source: 'reconciled', jobId: null } },
      ['OTHER'],
    ],
    [
      'of what ran although it was taken for not run, all',
      { earlier: [{ source: 'not run', jobId: null }], settlement: { source: 'reconciled' } },
      ['START', 'COMPLETE'],
    ],
  ])('%s', (_what, run, types) => {
    expect(typesOf(told(run))).toEqual(types);
  });

  test.each<readonly [string, Told]>([
    ['a SELECT', {}],
    ['a failed job', { settlement: { errorReason: 'stopped', slotMs: null, jobId: null } }],
    [
      'CREATE TABLE AS',
      {
        decision: ctas,
        columnLineage: new Map([['s', [{ table: tickets, column: 'subject', derivation: 'AGGREGATION' }]]]),
      },
    ],
    ['what was assumed', { settlement: { source: 'assumed', jobId: null } }],
    [
      'a load job',
      {
        decision: {
          estimate: null,
          writes: [byDay],
          sql: '',
          reading: {
            ...decision().reading,
            reader: 'none',
            unreadReason: NO_SQL,
            statement: 'LOAD',
            tables: [],
          },
        },
      },
    ],
    ['a query of many tables', { decision: { estimate: estimateOf(['tickets', 'messages']) } }],
    ['hashed SQL', { decision: { sqlRetention: 'hashed', sql: 'sha256:ab' } }],
  ])('of %s keeps to the specification and to the schemas of its facets', (_what, run) => {
    const events = told(run);

    expect(events).not.toEqual([]);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  test('and breaks them is found', () => {
    const [event] = told({});
    if (event === undefined) throw new Error('nothing was told');

    expect(faultsOf({ ...event, run: { ...event.run, runId: 'no UUID' } })).not.toEqual([]);
    expect(
      faultsOf({
        ...event,
        run: { ...event.run, facets: { guardrail_cost: { _producer: 'x:y', _schemaURL: 'x:y' } } },
      }),
    ).toContain("guardrail_cost/guardrail_cost must have required property 'team'");
  });
});
