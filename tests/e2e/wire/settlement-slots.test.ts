import { describe, expect, test } from 'vitest';
import { eventually, PROJECT } from '../guardrail.ts';
import { pricedPolicy } from '../priced-policy.ts';
import { decisionIdOf } from './books.ts';
import { exchange } from './exchange.ts';
import { type OddHouse, useOddHouse } from './odd-house.ts';
import { sendJson } from './odd-upstream.ts';
import { insert, query } from './requests.ts';

const RESERVATION = { reservation_id: 'admin:US.weekdays' };
const SLOT_TIME = { totalSlotMs: '3600000' };
const MIB = 1n << 20n;
const TIB = 1n << 40n;

/** The cost of 10 MiB, at 6.25 per TiB. */
const BY_BYTES = String((10n * MIB * 6_250_000n + TIB - 1n) / TIB);
/** The cost of one slot-hour, at 0.06. */
const BY_SLOTS = '60000';

/** A policy that says that these projects have slots. */
function policy(reserved: string): string {
  return pricedPolicy(`  editions: { projects: ["${reserved}"], per_slot_hour: { default: "0.06" } }`);
}

let jobs = 0;

/** The settlement of a query whose job has these statistics once it has ended. */
async function settlementOf(house: OddHouse, statistics: object, start: object = {}, more: object = {}) {
  const id = await decisionOn(house, statistics, start, more);
  return settled(house, id, () => Promise.resolve());
}

async function settled(house: OddHouse, id: string, meanwhile: () => Promise<void>) {
  await eventually(async () => {
    await meanwhile();
    expect((await house.ops(`/api/v1/decisions/${id}`)).settlement).not.toBeNull();
  });
  return (await house.ops(`/api/v1/decisions/${id}`)).settlement;
}

async function decisionOn(
  house: OddHouse,
  statistics: object,
  start: object = {},
  more: object = {},
): Promise<string> {
  jobs += 1;
  const jobReference = { projectId: PROJECT, jobId: `job_${jobs}`, location: 'US' };
  const ended = {
    jobReference,
    status: { state: 'DONE' },
    statistics: { query: { statementType: 'SELECT', totalBytesBilled: String(10n * MIB) }, ...statistics },
  };
  house
    .upstream()
    .answer((response, { method }) =>
      sendJson(response, method === 'GET' ? ended : { jobReference, status: { state: 'RUNNING' }, ...start }),
    );
  const requestOf = 'jobComplete' in start ? query : insert;
  return decisionIdOf(
    await exchange(house.guardrail().proxyUrl, requestOf({ query: `SELECT "job ${jobs}"`, ...more })),
  );
}

describe('in a project without slots by the policy', () => {
  const house = useOddHouse({ settle_timeout: 1 }, policy('other'));

  test('a query whose job ran on a reservation is charged by slot time', async () => {
    const settled = await settlementOf(house, { ...SLOT_TIME, ...RESERVATION });

    expect(settled).toMatchObject({ source: 'job', cost: { currency: 'USD', micros: BY_SLOTS } });
  });

  test('a query whose job does not report its slot time is charged its reservation', async () => {
    const id = await decisionOn(house, RESERVATION);

    expect(await settled(house, id, () => house.restart())).toMatchObject({
      source: 'assumed',
      cost: { micros: BY_BYTES },
    });
  });
});

describe('in a project with slots by the policy', () => {
  const house = useOddHouse({}, policy(PROJECT));

  test('a query whose job ran without a reservation is charged by its bytes', async () => {
    const settled = await settlementOf(house, SLOT_TIME);

    expect(settled).toMatchObject({ source: 'job', cost: { currency: 'USD', micros: BY_BYTES } });
  });

  test('a script, whose job names no reservation even on slots, is charged by slot time as admitted', async () => {
    const query = { statementType: 'SCRIPT', totalBytesBilled: String(10n * MIB) };
    const settled = await settlementOf(house, { ...SLOT_TIME, query });

    expect(settled).toMatchObject({ source: 'job', cost: { currency: 'USD', micros: BY_SLOTS } });
  });

  test('a query settled from its answer, which never names a reservation, is charged by slot time as admitted', async () => {
    const answer = { jobComplete: true, totalBytesBilled: String(10n * MIB), ...SLOT_TIME };
    const settled = await settlementOf(house, SLOT_TIME, answer);

    expect(settled).toMatchObject({ source: 'response', cost: { currency: 'USD', micros: BY_SLOTS } });
  });

  test('a query settled from the cache’s answer is charged nothing, though it tells no slot time', async () => {
    const settled = await settlementOf(house, SLOT_TIME, { jobComplete: true, cacheHit: true });

    expect(settled).toMatchObject({ source: 'response', cost: { micros: '0' } });
  });

  describe('a query that may run off the slots is settled from its job, since its answer names no reservation:', () => {
    const answer = { jobComplete: true, totalBytesBilled: String(10n * MIB), ...SLOT_TIME };
    const inSession = { connectionProperties: [{ key: 'session_id', value: 's' }] };
    const script = { query: { statementType: 'SCRIPT', totalBytesBilled: String(10n * MIB) } };
    const named = { reservation: 'projects/admin/locations/US/reservations/weekdays' };

    test.each([
      ['in a session that left the slots', inSession, SLOT_TIME, BY_BYTES],
      ['in a session that stayed on them', inSession, { ...SLOT_TIME, ...RESERVATION }, BY_SLOTS],
      ['that names a reservation and ran without one', named, SLOT_TIME, BY_BYTES],
      ['script in a session, if its slot time costs more', inSession, { ...SLOT_TIME, ...script }, BY_SLOTS],
      ['script in a session, if its bytes cost more', inSession, { totalSlotMs: '1', ...script }, BY_BYTES],
      ['in a procedure', { query: 'CALL d.p()' }, { ...SLOT_TIME, ...RESERVATION }, BY_SLOTS],
    ])('one %s', async (_which, more, statistics, micros) => {
      const settled = await settlementOf(house, statistics, answer, more);

      expect(settled).toMatchObject({ source: 'job', cost: { micros } });
    });

    test.each([
      ['comes from the cache', { ...answer, cacheHit: true }],
      ['names no job, as there is none', { ...answer, jobReference: undefined }],
      [
        'is a whole job, which does name it',
        {
          status: { state: 'DONE' },
          statistics: { ...SLOT_TIME, ...RESERVATION, query: { totalBytesBilled: String(10n * MIB) } },
        },
      ],
    ])('but not one whose answer %s', async (_which, told) => {
      const settled = await settlementOf(house, { ...SLOT_TIME, ...RESERVATION }, told, inSession);

      expect(settled).toMatchObject({ source: 'response' });
    });

    test('one in a session that was billed no bytes is charged by slot time', async () => {
      const query = { statementType: 'SELECT', totalBytesBilled: '0' };
      const none = { ...answer, totalBytesBilled: '0' };
      const settled = await settlementOf(house, { ...SLOT_TIME, query }, none, inSession);

      expect(settled).toMatchObject({ source: 'job', bytesBilled: '0', cost: { micros: BY_SLOTS } });
    });
  });
});
