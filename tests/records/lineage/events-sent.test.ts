import { describe, expect, test } from 'vitest';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import { decision, estimateOf } from '../builders.ts';
import { byDay, ctas, type RunChanges, sentEvents, tickets, typesOf } from './sent-events.ts';
import { faultsOf } from './validity.ts';

describe('a table that is written', () => {
  test('is an output, with the columns that its columns are derived from and depend on', () => {
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

    const [, end] = sentEvents({ decision: ctas, columnLineage: lineage });

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

  test('names the columns of conditions that keep no rows out apart from those of filters', () => {
    const { reading } = decision(ctas);
    const tables = reading.tables.map((use) => ({ ...use, tested: ['closed_at'] }));

    const [, end] = sentEvents({ decision: { ...ctas, reading: { ...reading, tables } } });

    expect(end?.inputs[0]?.inputFacets?.['guardrail_columnUse']).toMatchObject({
      filtered: ['body'],
      tested: ['closed_at'],
    });
  });

  test('by a script that writes several has no column lineage, which would be mixed up', () => {
    const [, end] = sentEvents({
      decision: { ...ctas, writes: [byDay, { ...byDay, tableId: 'other' }] },
      columnLineage: new Map(),
    });

    expect(end?.outputs.map(({ name, facets }) => [name, facets])).toEqual([
      ['guardrail-demo.atendimento.tickets_by_day', undefined],
      ['guardrail-demo.atendimento.other', undefined],
    ]);
  });
});

describe('the events sent', () => {
  test.each<readonly [string, RunChanges, readonly string[]]>([
    ['for a query that was not run: none', { settlement: { source: 'not run', jobId: null } }, []],
    ['for a repeated request: none', { settlement: { source: 'repeated' } }, []],
    [
      'for a run that was only assumed: a start and no end',
      { settlement: { source: 'assumed', jobId: null } },
      ['START', 'OTHER'],
    ],
    ['once an assumed run is confirmed: its end', { earlier: [{ source: 'assumed' }] }, ['COMPLETE']],
    ['for a correction: further figures', { earlier: [{}], settlement: { source: 'reconciled' } }, ['OTHER']],
    [
      'for an assumed run that did not take place: an abort',
      { earlier: [{ source: 'assumed' }], settlement: { source: 'reconciled', jobId: null } },
      ['ABORT'],
    ],
    [
      'for a job that the warehouse has lost: further figures',
      { earlier: [{}], settlement: { source: 'reconciled', jobId: null } },
      ['OTHER'],
    ],
    [
      'for a run first recorded as not run: start and end',
      { earlier: [{ source: 'not run', jobId: null }], settlement: { source: 'reconciled' } },
      ['START', 'COMPLETE'],
    ],
  ])('%s', (_what, run, types) => {
    expect(typesOf(sentEvents(run))).toEqual(types);
  });

  test.each<readonly [string, RunChanges]>([
    ['a SELECT', {}],
    ['a failed job', { settlement: { errorReason: 'stopped', slotMs: null, jobId: null } }],
    [
      'a CREATE TABLE AS',
      {
        decision: ctas,
        columnLineage: new Map([['s', [{ table: tickets, column: 'subject', derivation: 'AGGREGATION' }]]]),
      },
    ],
    ['an assumed run', { settlement: { source: 'assumed', jobId: null } }],
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
  ])('for %s conform to the specification and to the schemas of their facets', (_what, run) => {
    const events = sentEvents(run);

    expect(events).not.toEqual([]);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  test('are found invalid when they break the specification or a schema', () => {
    const [event] = sentEvents({});
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
