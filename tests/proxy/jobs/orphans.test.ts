import { describe, expect, test } from 'vitest';
import type { Orphan } from '../../../src/budget/budgets.ts';
import { BudgetError } from '../../../src/budget/errors.ts';
import { createOrphanSettler } from '../../../src/proxy/jobs/orphans.ts';
import { createScriptModels } from '../../../src/proxy/jobs/script-models.ts';
import type { Pricing } from '../../../src/vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../../../src/vocabulary/unpriced-settlement.ts';
import { pricing } from '../../budget/builders.ts';
import { ANA, asker, PROJECT } from '../../estimate/builders.ts';
import { littleServer, sendJson } from '../../little-server.ts';

const orphan: Orphan = {
  decisionId: 'd-1',
  atMs: 1_000_000,
  projectId: PROJECT,
  principal: ANA,
  holdsPlace: false,
};

/** The orphan's job, as `jobs.list` returns it. */
function job(statistics: object, status: object = { state: 'DONE' }) {
  return {
    jobReference: { projectId: PROJECT, jobId: 'job_1', location: 'US' },
    configuration: { labels: { guardrail_decision: orphan.decisionId } },
    status,
    statistics,
  };
}

/** The same prices, in a policy under which every project has slots. */
const withSlots: Pricing = {
  ...pricing,
  editions: {
    covers: () => true,
    microsPerSlotHour: { byLocation: new Map(), otherwise: 60_000n },
    unknownSlotMs: 0n,
  },
};

/**
 * The settlements made once the orphan's principal sends a query, and the warehouse lists these jobs.
 * @param children the jobs of a script's statements
 */
async function settledOf(
  jobs: readonly object[],
  prices: Pricing = pricing,
  children: readonly object[] = [],
): Promise<readonly UnpricedSettlement[]> {
  const server = await littleServer((response, { url }) =>
    sendJson(response, 200, { jobs: url.includes('parentJobId=job_1') ? children : jobs }),
  );
  const settled: UnpricedSettlement[] = [];
  const warehouse = { upstream: server.url, signal: new AbortController().signal };
  const settler = createOrphanSettler({
    ...warehouse,
    scriptModels: createScriptModels(warehouse, [0]),
    books: {
      settle: async (one) => {
        settled.push(one);
        return { ...one, cost: { currency: 'USD', micros: 0n }, freeBytes: 0n };
      },
    },
    pricing: () => prices,
    onLook: () => undefined,
  });
  settler.know([orphan]);
  await settler.lookAs({ principal: ANA, asker: asker('t') });
  return settled;
}

describe('an orphan whose job has ended', () => {
  test('is settled at the bytes billed', async () => {
    const [settled] = await settledOf([job({ query: { totalBytesBilled: '10485760' } })]);

    expect(settled).toMatchObject({ decisionId: orphan.decisionId, bytesBilled: 10485760n, source: 'job' });
  });

  test.each([
    ['failed', job({ query: {} }, { state: 'DONE', errorResult: { reason: 'invalidQuery' } })],
    ['came from the cache', job({ query: { cacheHit: true } })],
    [
      'was cancelled while it waited',
      job({ startTime: '7', endTime: '7' }, { state: 'DONE', errorResult: { reason: 'stopped' } }),
    ],
  ])('and %s is settled at zero if the job has no bytes billed', async (_how, ended) => {
    const [settled] = await settledOf([ended]);

    expect(settled).toMatchObject({ bytesBilled: 0n });
  });

  test.each([
    ['ended well', job({ query: {} })],
    [
      'was cancelled',
      job({ startTime: '6', endTime: '7', query: {} }, { state: 'DONE', errorResult: { reason: 'stopped' } }),
    ],
  ])('and %s stays reserved, to be charged in full, if the job has no bytes billed', async (_how, ended) => {
    expect(await settledOf([ended])).toEqual([]);
  });
});

describe('an orphan that was a script', () => {
  const perTib = pricing.onDemandMicrosPerTib.otherwise;
  const withFree = { ...pricing, freeBytesPerMonth: 7n };
  const script = job({ query: { totalBytesBilled: '40', statementType: 'SCRIPT' } });
  const part = (statementType: string, totalBytesBilled: string) =>
    job({ query: { statementType, totalBytesBilled } });

  test('is charged the model price for the bytes its statements read into a model, with no free tier', async () => {
    const parts = [part('SELECT', '30'), part('CREATE_MODEL', '10')];

    const [settled] = await settledOf([script], withFree, parts);

    const quarter = (perTib * (30n + 50n * 10n)) / 40n;
    expect(settled?.price).toMatchObject({ tariff: { microsPerTib: quarter }, freeBytesPerMonth: 0n });
  });

  test('is charged like a query, with the free tier, if its statements created no model', async () => {
    const [settled] = await settledOf([script], withFree, [part('SELECT', '30'), part('MERGE', '10')]);

    expect(settled?.price).toMatchObject({ tariff: { microsPerTib: perTib }, freeBytesPerMonth: 7n });
  });
});

describe('an orphan whose job names no statement type', () => {
  const billed = { query: { totalBytesBilled: '40' } };
  const priceOf = async (statistics: object) => (await settledOf([job(statistics)]))[0]?.price;
  const perTib = pricing.onDemandMicrosPerTib.otherwise;

  test('is charged like a query, if it has no parts', async () => {
    expect(await priceOf(billed)).toMatchObject({ tariff: { microsPerTib: perTib } });
    expect(await priceOf({ ...billed, numChildJobs: '0' })).toMatchObject({
      tariff: { microsPerTib: perTib },
    });
  });

  test('is charged like a script, if it has parts', async () => {
    const price = await priceOf({ ...billed, numChildJobs: '1' });

    expect(price).toMatchObject({ tariff: { microsPerTib: 50n * perTib } });
  });
});

test('an orphan whose job is still running stays reserved, whatever it was billed so far', async () => {
  const billedSoFar = { query: { totalBytesBilled: '10485760' } };

  expect(await settledOf([job(billedSoFar, { state: 'RUNNING' })])).toEqual([]);
});

test('an orphan is settled though the list has jobs that are no orphans, labelled or not', async () => {
  const billed = { query: { totalBytesBilled: '10485760' } };
  const ofOthers = [{ labels: { guardrail_decision: 'd-9' } }, {}].map((configuration) => ({
    ...job(billed),
    configuration,
  }));

  const settled = await settledOf([...ofOthers, job(billed)]);

  expect(settled.map(({ decisionId }) => decisionId)).toEqual([orphan.decisionId]);
});

describe('the jobs of a principal', () => {
  /** A settler that has no jobs to find, and the queries of the lists that it has asked for. */
  async function looking() {
    const lists: URLSearchParams[] = [];
    const looks: object[] = [];
    const server = await littleServer((response, { url }) => {
      lists.push(new URL(url, 'http://localhost').searchParams);
      sendJson(response, 200, { jobs: [] });
    });
    const warehouse = { upstream: server.url, signal: new AbortController().signal };
    const settler = createOrphanSettler({
      ...warehouse,
      scriptModels: createScriptModels(warehouse, [0]),
      books: { settle: () => Promise.reject(new Error('nothing is to be settled')) },
      pricing: () => pricing,
      onLook: (outcome) => void looks.push(outcome),
    });
    return { settler, lists, looks };
  }
  const ana = { principal: ANA, asker: asker('t') };

  test('are listed since a minute before the oldest of the orphans', async () => {
    const { settler, lists } = await looking();

    settler.know([orphan, { ...orphan, decisionId: 'd-2', atMs: orphan.atMs + 5_000 }]);
    await settler.lookAs(ana);

    expect(lists.map((list) => list.get('minCreationTime'))).toEqual([String(orphan.atMs - 60_000)]);
  });

  test('are not listed again half a minute long, though the orphans are still there', async () => {
    const { settler, lists } = await looking();

    settler.know([orphan]);
    await settler.lookAs(ana);
    settler.know([orphan]);
    await settler.lookAs(ana);

    expect(lists).toHaveLength(1);
  });

  test('are not listed if none of the orphans is known to be theirs', async () => {
    const { settler, lists, looks } = await looking();

    settler.know([{ ...orphan, principal: null }]);
    await settler.lookAs(ana);
    await settler.lookAs({ ...ana, principal: null });

    expect(lists).toEqual([]);
    expect(looks).toEqual([]);
  });
});

describe('an orphan in a project that has slots', () => {
  const billed = { totalBytesBilled: '10485760', statementType: 'SELECT' };
  const reservation_id = 'admin:US.weekdays';

  test.each([
    ['did not use them is charged by bytes', { totalSlotMs: '700', query: billed }, 'on demand'],
    [
      'ran on them is charged by slot time',
      { reservation_id, totalSlotMs: '700', query: billed },
      'editions',
    ],
  ])('and %s', async (_how, statistics, model) => {
    const [settled] = await settledOf([job(statistics)], withSlots);

    expect(settled).toMatchObject({ bytesBilled: 10485760n, slotMs: 700, price: { tariff: { model } } });
  });

  test.each([
    ['ran on them', { reservation_id, query: billed }],
    ['was billed no bytes', { query: { ...billed, totalBytesBilled: '0' } }],
  ])('and %s stays reserved if the job has no slot time', async (_how, statistics) => {
    expect(await settledOf([job(statistics)], withSlots)).toEqual([]);
  });

  test('and came from the cache is settled at zero', async () => {
    const [settled] = await settledOf([job({ query: { cacheHit: true } })], withSlots);

    expect(settled).toMatchObject({ bytesBilled: 0n, slotMs: null });
  });
});

test('an orphan reserved in another currency is reported as an error, and the others are settled', async () => {
  const other = { ...orphan, decisionId: 'd-2' };
  const ofOther = {
    ...job({ query: { totalBytesBilled: '7' } }),
    configuration: { labels: { guardrail_decision: other.decisionId } },
  };
  const server = await littleServer((response) =>
    sendJson(response, 200, { jobs: [job({ query: { totalBytesBilled: '5' } }), ofOther] }),
  );
  const refusal = new BudgetError('wrong currency', 'It was reserved in USD.', 'Leave it to expire.');
  const looks: object[] = [];
  const warehouse = { upstream: server.url, signal: new AbortController().signal };
  const settler = createOrphanSettler({
    ...warehouse,
    scriptModels: createScriptModels(warehouse, [0]),
    books: {
      settle: async (one) => {
        if (one.decisionId === orphan.decisionId) throw refusal;
        return { ...one, cost: { currency: 'BRL', micros: 0n }, freeBytes: 0n };
      },
    },
    pricing: () => pricing,
    onLook: (outcome) => void looks.push(outcome),
  });

  settler.know([orphan, other]);
  await settler.lookAs({ principal: ANA, asker: asker('t') });

  expect(looks).toEqual([{ error: refusal }, { settled: 1 }]);
});
