import { describe, expect, test } from 'vitest';
import { TIB } from '../../src/vocabulary/bytes.ts';
import { type EndedJob, reportedTariff, tariffOfJob } from '../../src/vocabulary/job-tariff.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';

const HOUR = 3_600_000n;
const RESERVATION = 'admin:US.weekdays';

/** A dollar per TiB and a dollar per slot-hour; the policy says that the project `reserved` has slots. */
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

/** A job that has ended, by default a query of a TiB and two slot-hours in the project with slots. */
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

describe('a job that has ended is charged', () => {
  test('by slot time if the warehouse names its reservation, whatever the policy says about its project', () => {
    expect(modelOf({ reservation: RESERVATION })).toBe('editions');
    expect(modelOf({ reservation: RESERVATION, projectId: 'other' })).toBe('editions');
  });

  test.each([null, '', 'unreserved'])('by bytes if the warehouse names no reservation: %j', (reservation) => {
    expect(modelOf({ reservation })).toBe('on demand');
    expect(modelOf({ reservation, projectId: 'other' })).toBe('on demand');
  });

  test('by bytes at the model price if it created a model', () => {
    const model = { statementType: 'CREATE_MODEL', models: 'all' } as const;

    expect(tariffOfJob(ended(model), pricing)).toMatchObject({ microsPerTib: 50_000_000n });
    expect(reportedTariff(ended({ ...model, projectId: 'other' }), pricing)).toMatchObject({
      microsPerTib: 50_000_000n,
    });
  });

  test('by bytes if the policy has no price for slots', () => {
    expect(modelOf({ reservation: RESERVATION }, { ...pricing, editions: null })).toBe('on demand');
  });
});

describe('a job without a named reservation', () => {
  test('is charged by bytes or slot time, whichever costs more, if it is a script', () => {
    const script = { statementType: 'SCRIPT' };

    expect(modelOf({ ...script, slotMs: 2n * HOUR })).toBe('editions');
    expect(modelOf({ ...script, slotMs: HOUR / 2n })).toBe('on demand');
  });

  test('is charged by slot time if it was billed no bytes in a project with slots', () => {
    expect(modelOf({ bytesBilled: 0n })).toBe('editions');
    expect(modelOf({ bytesBilled: 0n, projectId: 'other' })).toBe('on demand');
  });
});

describe('the tariff reported by the warehouse', () => {
  test('is editions if it names a reservation, and on demand for a billed query without one', () => {
    expect(reportedTariff(ended({ reservation: RESERVATION }), pricing)?.model).toBe('editions');
    expect(reportedTariff(ended({}), pricing)?.model).toBe('on demand');
  });

  test.each([
    ['for a script', { statementType: 'SCRIPT' }],
    ['for a script in a project without slots', { statementType: 'SCRIPT', projectId: 'other' }],
    ['for a job billed no bytes', { bytesBilled: 0n }],
  ])('is unknown without a named reservation %s', (_what, changes) => {
    expect(reportedTariff(ended(changes), pricing)).toBeNull();
  });

  test('is unknown if it names a reservation but the policy has no price for slots', () => {
    expect(reportedTariff(ended({ reservation: RESERVATION }), { ...pricing, editions: null })).toBeNull();
  });
});
