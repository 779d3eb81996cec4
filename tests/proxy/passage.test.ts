import { describe, expect, test } from 'vitest';
import { type Admitted, decisionOn, type Read } from '../../src/proxy/passage.ts';
import { readJobRequest } from '../../src/proxy/request/job/query-job.ts';
import { readSql } from '../../src/sql/read-sql.ts';
import { UNTRACED } from '../../src/tracing/tracing.ts';
import { asker } from '../estimate/builders.ts';
import { PRICING, policyOf, TEAMS } from '../policy/builders.ts';
import { estimateOf } from '../records/builders.ts';

const REMARKED = '-- Metabase:: userID: 12\nSELECT subject FROM atendimento.tickets';
const SQL = 'SELECT subject FROM atendimento.tickets';
const hints = { tool: 'metabase', person: '12', dashboard: null, card: null };

/** A passage whose SQL has been read and nothing more. */
function read(): Read {
  const request = readJobRequest('jobs.query', 'p', Buffer.from(JSON.stringify({ query: REMARKED })));
  if (request.kind !== 'query') throw new Error('no query');
  return {
    id: 'd-1',
    atMs: 1_700_000_000_000,
    arrivedAt: performance.now() - 50,
    job: request.job,
    sql: SQL,
    remarkLabels: { metabase_user_id: '12' },
    asker: asker('t'),
    gone: new AbortController().signal,
    hints,
    trace: UNTRACED,
    policy: policyOf({ 'base.yaml': TEAMS + PRICING }),
    reading: readSql(SQL, { projectId: 'p', defaultDataset: null }),
    wasReadInTime: true,
  };
}

/** What a passage has in addition once it has been priced and judged. */
function judged(): Pick<Admitted, 'estimate' | 'estimateSource' | 'cost' | 'caller' | 'team' | 'verdict'> {
  const team = read().policy.teamOf('metabase@x.example');
  return {
    estimate: estimateOf(['tickets']),
    estimateSource: 'cache',
    cost: { currency: 'USD', micros: 60n },
    caller: { ...hints, principal: 'metabase@x.example', team: team.name },
    team,
    verdict: {
      outcome: 'allow',
      maximumBytesBilled: null,
      hits: [
        {
          rule: 'r',
          mode: 'warn',
          message: 'Filtre.',
          source: { file: 'policies/rules.yaml', line: 2, column: 3 },
        },
      ],
    },
  };
}

describe('the decision on a passage', () => {
  test('that could not be priced records its SQL, reading and hints, but no unconfirmed principal', () => {
    const passage = read();

    const decision = decisionOn(passage, 'failed', { cause: 'unreachable', cap: null });

    expect(decision).toEqual({
      id: 'd-1',
      atMs: 1_700_000_000_000,
      projectId: 'p',
      caller: { ...hints, principal: null, team: passage.policy.teamOf(null).name },
      sql: REMARKED,
      sqlRetention: 'stored',
      reading: {
        ...passage.reading,
        routines: undefined,
        writes: undefined,
        antiPatterns: expect.any(Array),
      },
      estimate: null,
      estimatedCost: null,
      writes: [],
      estimateCached: false,
      outcome: 'failed',
      cause: 'unreachable',
      hits: [],
      maximumBytesBilled: null,
      overheadMs: expect.any(Number),
    });
  });

  test('that was admitted records its price, the rules that matched and its cap', () => {
    const found = judged();

    const decision = decisionOn({ ...read(), ...found }, 'admitted', { cause: null, cap: 10n });

    expect(decision).toMatchObject({
      outcome: 'admitted',
      caller: { principal: 'metabase@x.example', team: 'atendimento', person: '12' },
      estimate: found.estimate,
      estimatedCost: { currency: 'USD', micros: 60n },
      estimateCached: true,
      hits: found.verdict.hits,
      maximumBytesBilled: 10n,
    });
  });

  test('lists the tables that its SQL, request and dry run write, each once and without hidden ones', () => {
    const at = (tableId: string, datasetId = 'd') => ({ projectId: 'p', datasetId, tableId });
    const passage = read();

    const { writes } = decisionOn(
      {
        ...passage,
        ...judged(),
        job: { ...passage.job, destination: at('anon1', '_results') },
        reading: { ...passage.reading, writes: [at('x'), at('y')] },
        estimate: { ...estimateOf(['tickets']), ddlTarget: at('x') },
      },
      'admitted',
      { cause: null, cap: 10n },
    );

    expect(writes).toEqual([at('x'), at('y')]);
  });

  test('that creates a procedure writes none of the tables that the procedure writes when it is called', () => {
    const sql = 'CREATE PROCEDURE d.p() BEGIN INSERT INTO d.x (a) SELECT a FROM d.y; END';
    const reading = readSql(sql, { projectId: 'p', defaultDataset: null });
    const writesOf = (statementType: string) =>
      decisionOn(
        { ...read(), ...judged(), sql, reading, estimate: { ...estimateOf([]), statementType } },
        'admitted',
        { cause: null, cap: 0n },
      ).writes;

    expect(writesOf('CREATE_PROCEDURE')).toEqual([]);
    expect(writesOf('SCRIPT')).toEqual([{ projectId: 'p', datasetId: 'd', tableId: 'x' }]);
  });

  test.each(['dry run', 'shared'] as const)(
    'with an estimate from a "%s" is not marked as cached',
    (estimateSource) => {
      const passage = { ...read(), ...judged(), estimateSource };

      expect(decisionOn(passage, 'admitted', { cause: null, cap: 10n }).estimateCached).toBe(false);
    },
  );

  test('locates anti-patterns in the SQL as it is recorded, including its leading remark', () => {
    const starred = 'SELECT * FROM atendimento.tickets';
    const request = readJobRequest(
      'jobs.query',
      'p',
      Buffer.from(JSON.stringify({ query: `-- Metabase:: userID: 12\n${starred}` })),
    );
    if (request.kind !== 'query') throw new Error('no query');
    const reading = readSql(starred, { projectId: 'p', defaultDataset: null });

    const { sql, reading: recorded } = decisionOn(
      { ...read(), job: request.job, sql: starred, reading },
      'failed',
      { cause: 'x', cap: null },
    );

    const marked = recorded.antiPatterns.map(({ name, span }) => [name, sql.slice(span.start, span.end)]);
    expect(marked).toContainEqual(['select-star', '*']);
  });

  test('records the duration of each step it reached, and null for the others', () => {
    const passage = { ...read(), arrivedAt: 100, readAt: 103, pricedAt: 143 };

    const { stepMs } = decisionOn(passage, 'failed', { cause: 'x', cap: null });

    expect(stepMs).toEqual({ read: 3, estimate: 40, decide: null });
  });

  test('records the overhead since the query arrived', () => {
    const { overheadMs } = decisionOn(read(), 'failed', { cause: 'x', cap: null });

    expect(overheadMs).toBeGreaterThanOrEqual(50);
    expect(overheadMs).toBeLessThan(10_000);
  });
});
