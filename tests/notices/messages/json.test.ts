import { describe, expect, test } from 'vitest';
import { messageFor } from '../../../src/notices/messages/message.ts';
import { HOUR, noon, notice, webhook } from '../builders.ts';

describe('a JSON message', () => {
  test('is one flat object: amounts as text in named units, instants in UTC, null where nothing applies', () => {
    expect(messageFor(webhook('http://x'), 'id-1', notice())).toEqual({
      kind: 'budget_threshold',
      id: 'id-1',
      message:
        'Budget atendimento-dia has reached 80% of its limit. Used: R$41.00 of R$50.00. ' +
        'Reserved by queries under way: R$2.00. ' +
        'At this pace it is used up on Nov 24, 2026, 14:30 (America/Sao_Paulo). ' +
        'If you need more, ask #finops (Slack).',
      budget: 'atendimento-dia',
      per: null,
      account: null,
      team: 'atendimento',
      principal: null,
      person: null,
      dashboard: null,
      card: null,
      project: null,
      tool: null,
      whenExceeded: 'deny',
      window: 'day',
      windowKey: '2026-11-24',
      windowStart: '2026-11-24T03:00:00.000Z',
      windowEnd: '2026-11-25T03:00:00.000Z',
      timeZone: 'America/Sao_Paulo',
      contact: '#finops (Slack)',
      threshold: 80,
      reachedAt: '2026-11-24T15:00:00.000Z',
      unit: 'micros',
      currency: 'BRL',
      limit: '50000000',
      used: '41000000',
      reserved: '2000000',
      usedPercent: 82,
      projected: '82000000',
      usedUpAt: '2026-11-24T17:30:00.000Z',
    });
  });

  test('names the unit of amounts other than money, and an account with its kind', () => {
    const sample = notice({
      unit: 'bytes',
      limit: 2n ** 60n,
      per: 'person',
      account: 'ana',
      window: 'rolling-6h',
      windowKey: 'rolling-6h@2026-11-24T12:00:00.000Z',
      windowStartMs: noon - 6 * HOUR,
      windowEndMs: noon,
    });

    expect(messageFor(webhook('http://x'), 'id-1', sample)).toMatchObject({
      unit: 'bytes',
      currency: null,
      limit: '1152921504606846976',
      per: 'person',
      account: 'ana',
      window: 'rolling-6h',
      windowKey: null,
      windowStart: '2026-11-24T09:00:00.000Z',
    });
  });

  test.each(['bytes', 'slot-ms', 'queries'])('says that amounts in %s are in no currency', (unit) => {
    expect(messageFor(webhook('http://x'), 'id-1', notice({ unit }))).toMatchObject({ unit, currency: null });
  });

  test('has null for whose budget it is, a percentage and a forecast, where there is none', () => {
    const sample = notice({ subject: {}, limit: 0n, forecast: null });

    expect(messageFor(webhook('http://x'), 'id-1', sample)).toMatchObject({
      team: null,
      usedPercent: null,
      projected: null,
      usedUpAt: null,
    });
  });

  test('has null for when the budget is used up, if at this pace it is not', () => {
    const sample = notice({ forecast: { projected: 49_000_000n, usedUpAtMs: null } });

    expect(messageFor(webhook('http://x'), 'id-1', sample)).toMatchObject({
      projected: '49000000',
      usedUpAt: null,
    });
  });
});
