import { describe, expect, test } from 'vitest';
import { littleServer, sendJson } from '../little-server.ts';
import { folderOf } from '../policy/builders.ts';
import { eventually, type House, useHouse } from './guardrail.ts';
import { pricedPolicy } from './priced-policy.ts';
import { raw } from './raw.ts';
import { guardrailBefore, JOBS, QUERIES, warehouse } from './scripted-warehouse.ts';

const MIB = 1n << 20n;
const TIB = 1n << 40n;

const policy = (pricing: string) => ({ 'pricing.yaml': pricedPolicy(pricing) });

/** Sends three cards one after the other. @returns their settlements, in that order */
async function threeCards(
  house: House,
): Promise<{ freeBytes: string; cost: { micros: string }; bytesBilled: string; slotMs: number }[]> {
  for (const card of [1, 2, 3]) {
    await house
      .client()
      .query(`SELECT COUNT(*) AS n, ${card} AS card FROM atendimento.tickets WHERE subject != ''`);
    await eventually(async () => {
      const { decisions } = await house.ops('/api/v1/decisions?limit=1');
      expect(decisions[0]?.settlement).not.toBeNull();
    });
  }
  const { decisions } = await house.ops('/api/v1/decisions');
  return decisions.map((one: { settlement: unknown }) => one.settlement).toReversed();
}

async function spend(house: House): Promise<{ spend: unknown; used: string }> {
  const { spend } = await house.ops('/api/v1/spend?by=team');
  const { budgets } = await house.ops('/api/v1/budgets');
  return { spend, used: budgets[0].used };
}

describe('with a free tier', () => {
  const house = useHouse({ sandbox: { messages: 3_000 }, policies: policy('  free_tier: 25 MiB') });

  test('free bytes are used first, the query that exceeds them pays the rest, and spend shows both', async () => {
    const settlements = await threeCards(house);

    const paid = (5n * MIB * 6_250_000n + TIB - 1n) / TIB;
    expect(settlements.map(({ freeBytes, cost }) => [BigInt(freeBytes) / MIB, BigInt(cost.micros)])).toEqual([
      [10n, 0n],
      [10n, 0n],
      [5n, paid],
    ]);
    expect(await spend(house)).toEqual({
      used: String(paid),
      spend: [
        expect.objectContaining({
          key: 'atendimento',
          queries: 3,
          bytesBilled: String(30n * MIB),
          freeBytes: String(25n * MIB),
          currency: 'USD',
          costMicros: String(paid),
        }),
      ],
    });
  });
});

describe('in a project under editions', () => {
  const house = useHouse({
    sandbox: { messages: 3_000 },
    policies: policy('  editions: { projects: ["guardrail-*"], per_slot_hour: { default: "0.06" } }'),
  });

  test('queries cost the slot time that their jobs report', async () => {
    const settlements = await threeCards(house);

    const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
    const slotMs = jobs.map((job) => BigInt(job.metadata.statistics.totalSlotMs)).toReversed();
    const costs = slotMs.map((ms) => (ms * 60_000n + 3_599_999n) / 3_600_000n);
    const sum = costs.reduce((a, b) => a + b);
    expect(settlements.map((one) => [BigInt(one.slotMs), BigInt(one.cost.micros)])).toEqual(
      slotMs.map((ms, i) => [ms, costs[i]]),
    );
    expect(await spend(house)).toEqual({
      used: String(sum),
      spend: [
        expect.objectContaining({
          queries: 3,
          freeBytes: '0',
          currency: 'USD',
          costMicros: String(sum),
        }),
      ],
    });
    expect(await house.metric('guardrail_cost_total', { team: 'atendimento' })).toBeCloseTo(
      Number(sum) / 1e6,
      9,
    );
  });

  test.each([
    ['jobs.query', 'queries', (query: object) => ({ ...query, reservation: 'none' })],
    ['jobs.insert', 'jobs', (query: object) => ({ configuration: { query, reservation: 'none' } })],
  ])('a query that sets reservation none by %s is charged by its bytes', async (_, path, bodyOf) => {
    const query = `SELECT COUNT(*) AS n, '${path}' AS way FROM atendimento.tickets WHERE subject != ''`;
    const body = JSON.stringify(bodyOf({ query, useLegacySql: false }));

    const answer = await raw(
      house.guardrail().proxyUrl,
      'POST',
      `/bigquery/v2/projects/guardrail-demo/${path}`,
      body,
    );

    expect(answer.status).toBe(200);
    await eventually(async () => {
      const { decisions } = await house.ops('/api/v1/decisions?limit=1');
      expect(decisions[0].settlement?.cost.micros).toBe(String((10n * MIB * 6_250_000n + TIB - 1n) / TIB));
    });
  });
});

describe('a load job', () => {
  const load = {
    load: { sourceUris: ['gs://b/o'], destinationTable: { projectId: 'p', datasetId: 'd', tableId: 't' } },
  };

  test.each([
    ['slots-1:US.loads', '60000'],
    [undefined, '0'],
  ])('that ran for an hour of slots on the reservation %s costs %s micros', async (reservation, micros) => {
    const upstream = await littleServer((response) =>
      sendJson(response, 200, {
        jobReference: { projectId: 'p', jobId: 'job_1', location: 'US' },
        status: { state: 'DONE' },
        statistics: { totalSlotMs: '3600000', reservation_id: reservation },
      }),
    );
    const editions = '  editions: { projects: [p], per_slot_hour: { default: "0.06" } }';
    const policies = await folderOf(policy(editions));
    const { guardrail, decisions } = await guardrailBefore(upstream, { policies });

    await raw(guardrail.proxyUrl, 'POST', JOBS, JSON.stringify({ configuration: load }));

    await eventually(async () =>
      expect((await decisions())[0].settlement).toMatchObject({ slotMs: 3_600_000, cost: { micros } }),
    );
  });
});

describe('CREATE MODEL', () => {
  const sql = 'CREATE MODEL d.m OPTIONS (model_type = "linear_reg") AS SELECT a, b AS label FROM d.t';

  test.each([
    ['jobs.query', QUERIES, { query: sql, useLegacySql: false }],
    ['jobs.insert', JOBS, { configuration: { query: { query: sql, useLegacySql: false } } }],
  ])(
    'is priced and settled at fifty times the cost of a query of the same bytes: %s',
    async (_method, path, body) => {
      const tenMib = String(10n * MIB);
      const upstream = await warehouse({ totalBytesProcessed: tenMib, statementType: 'CREATE_MODEL' });
      const { guardrail, decisions } = await guardrailBefore(upstream);

      await raw(guardrail.proxyUrl, 'POST', path, JSON.stringify(body));

      const fiftyfold = String((10n * MIB * 50n * 6_250_000n + TIB - 1n) / TIB);
      await eventually(async () => {
        expect((await decisions())[0]).toMatchObject({
          estimatedCost: { micros: fiftyfold },
          settlement: { bytesBilled: tenMib, freeBytes: '0', cost: { micros: fiftyfold } },
        });
      });
    },
  );
});
