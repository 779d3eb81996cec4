import { describe, expect, test } from 'vitest';
import { TIB } from '../../src/vocabulary/bytes.ts';
import { type EndedJob, reportedTariff, tariffOfJob } from '../../src/vocabulary/job-tariff.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';

const HOUR = 3_600_000n;
const RESERVATION = 'admin:US.weekdays';

/** A dollar for a TiB, a dollar for a slot-hour, of which the policy says that `reserved` has some. */
const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: { byLocation: new Map(), otherwise: 1_000_000n },
  editions: {
    covers: (projectId) => projectId === 'reserved',
    microsPerSlotHour: { byLocation: new Map(), otherwise: 1_000_000n },
    unknownSlotMs: 0n,
  },
  freeBytesPerMonth: 0n,
  exchangeRates: [],
};

/** A query of a TiB and two slot-hours in the project with slots, unless said otherwise. */
function ended(changes: Partial<EndedJob>): EndedJob {
  return {
    projectId: 'reserved',
    location: 'US',
    reservation: null,
    statementType: 'SELECT',
    models: 'none',
    bytesBilled: TIB,
    slotMs: 2n * HOUR,
    ...changes,
  };
}

function modelOf(changes: Partial<EndedJob>, by: Pricing = pricing): string {
  return tariffOfJob(ended(changes), by).model;
}

describe('a job that has ended is paid for', () => {
  test('by slot time where the warehouse names its reservation, whatever the policy says of its project', () => {
    expect(modelOf({ reservation: RESERVATION })).toBe('editions');
    expect(modelOf({ reservation: RESERVATION, projectId: 'other' })).toBe('editions');
  });

  test.each([null, '', 'unreserved'])('by its bytes where it names none: %j', (reservation) => {
    expect(modelOf({ reservation })).toBe('on demand');
    expect(modelOf({ reservation, projectId: 'other' })).toBe('on demand');
  });

  test('by its bytes at the price of models where it made one', () => {
    const model = { statementType: 'CREATE_MODEL', models: 'all' } as const;

    expect(tariffOfJob(ended(model), pricing)).toMatchObject({ microsPerTib: 50_000_000n });
    expect(reportedTariff(ended({ ...model, projectId: 'other' }), pricing)).toMatchObject({
      microsPerTib: 50_000_000n,
    });
  });

  test('by its bytes where the policy has no price of slots', () => {
    expect(modelOf({ reservation: RESERVATION }, { ...pricing, editions: null })).toBe('on demand');
  });
});

describe('that no reservation is named says nothing', () => {
  test('of a script, which is paid for by what comes dearer', () => {
    const script = { statementType: 'SCRIPT' };

    expect(modelOf({ ...script, slotMs: 2n * HOUR })).toBe('editions');
    expect(modelOf({ ...script, slotMs: HOUR / 2n })).toBe('on demand');
  });

  test('of a job that was billed no bytes and took slot time, which is not taken to be free', () => {
    expect(modelOf({ bytesBilled: 0n })).toBe('editions');
    expect(modelOf({ bytesBilled: 0n, projectId: 'other' })).toBe('on demand');
  });
});

describe('the warehouse tells by what a job is paid for', () => {
  test('where it names a reservation, and where it names none of a query that was billed', () => {
    expect(reportedTariff(ended({ reservation: RESERVATION }), pricing)?.model).toBe('editions');
    expect(reportedTariff(ended({}), pricing)?.model).toBe('on demand');
  });

  test.each([
    ['of a script', { statementType: 'SCRIPT' }],
    ['of a script in a project without slots', { statementType: 'SCRIPT', projectId: 'other' }],
    ['of what was billed no bytes', { bytesBilled: 0n }],
  ])('but not where it names none %s', (_what, changes) => {
    expect(reportedTariff(ended(changes), pricing)).toBeNull();
  });

  test('but not where it names a reservation that the policy has no price for', () => {
    expect(reportedTariff(ended({ reservation: RESERVATION }), { ...pricing, editions: null })).toBeNull();
  });
});
