import { describe, expect, test } from 'vitest';
import { bytesToAsk, capToSend } from '../../src/budget/bytes-to-ask.ts';
import type { EstimateAccuracy } from '../../src/vocabulary/estimate.ts';

/** Asks for 100 bytes by a fresh, precise estimate without any caps, unless changed. */
function asked({
  accuracy = 'PRECISE',
  bytesBilled = 100n,
  ...changes
}: {
  readonly accuracy?: EstimateAccuracy;
  readonly bytesBilled?: bigint;
  readonly isFresh?: boolean;
  readonly isCap?: boolean;
  readonly caps?: readonly bigint[];
} = {}) {
  const estimate = { accuracy, bytesBilled };
  return bytesToAsk({ estimate, isFresh: true, inexactReserve: 1_000n, caps: [], ...changes });
}

describe('budgets are asked for', () => {
  test('a fresh, precise estimate as it is', () => {
    expect(asked()).toEqual([100n]);
  });

  test('a tenth more than an estimate from the cache, or than an upper bound, and then for no more than that', () => {
    expect(asked({ isFresh: false })).toEqual([110n, 100n]);
    expect(asked({ accuracy: 'UPPER_BOUND' })).toEqual([110n, 100n]);
  });

  test('no room above an estimate that is the cap itself', () => {
    expect(asked({ accuracy: 'UPPER_BOUND', isCap: true })).toEqual([100n]);
  });

  test('no room above nothing', () => {
    expect(asked({ isFresh: false, bytesBilled: 0n })).toEqual([0n]);
  });

  test.each<EstimateAccuracy>(['LOWER_BOUND', 'UNKNOWN'])(
    'what the policy reserves if the dry run gives no upper bound: %s',
    (accuracy) => {
      expect(asked({ accuracy })).toEqual([1_000n]);
      expect(asked({ accuracy, isFresh: false })).toEqual([1_000n]);
    },
  );

  test('the lowest cap in its place, in whatever order caps come', () => {
    expect(asked({ accuracy: 'UNKNOWN', caps: [300n, 700n] })).toEqual([300n]);
    expect(asked({ accuracy: 'UNKNOWN', caps: [700n, 300n] })).toEqual([300n]);
    expect(asked({ accuracy: 'UNKNOWN', caps: [5_000n] })).toEqual([1_000n]);
  });

  test('no less than a lower bound, since the query is billed that much at least', () => {
    expect(asked({ accuracy: 'LOWER_BOUND', bytesBilled: 2_000n })).toEqual([2_000n]);
    expect(asked({ accuracy: 'LOWER_BOUND', bytesBilled: 400n, caps: [300n] })).toEqual([400n]);
  });
});

describe('the cap that is sent', () => {
  test('is what is reserved, or the lowest cap below that', () => {
    expect(capToSend(100n, [])).toBe(100n);
    expect(capToSend(100n, [300n, 700n])).toBe(100n);
    expect(capToSend(1_000n, [700n, 300n])).toBe(300n);
  });

  test('is one byte for a query that is free, since BigQuery accepts no cap of zero', () => {
    expect(capToSend(0n, [])).toBe(1n);
  });
});
