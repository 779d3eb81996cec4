import type { Overview } from '../../../src/console/overview/gather.ts';
import type { SavingsReport } from '../../../src/reports/savings/savings.ts';
import type {
  CurrencySection,
  Ranked,
  RankingKind,
  SpendAmounts,
} from '../../../src/reports/showback/month-report.ts';
import { pricing } from '../../budget/builders.ts';
import { pageContext } from '../builders.ts';

export const NOW = Date.parse('2026-11-24T12:00:00Z');

export const context = pageContext('analyst', { url: '/', nowMs: NOW });

export const noSavings: SavingsReport = {
  by: ['team'],
  from: '2026-11-01',
  to: '2026-11-25',
  timeZone: 'UTC',
  rows: [],
  recordsFrom: null,
};

/** A month in which one team was billed on a single day. */
export function overview(
  spent: Pick<SpendAmounts, 'bytesBilled' | 'costMicros'>,
  ranked: Partial<Record<RankingKind, readonly Ranked[]>> = {},
): Overview {
  const amounts: SpendAmounts = { queries: 7, freeBytes: 0n, slotMs: 0n, ...spent };
  const nothing = { queries: 0, bytesBilled: 0n, costMicros: 0n };
  const unranked = { first: [], others: null, unnamed: null };
  const section: CurrencySection = {
    currency: 'USD',
    total: amounts,
    beforeMicros: null,
    teams: [{ name: 'dados', days: new Map([['2026-11-23', amounts]]), ...amounts }],
    rankings: {
      dashboard: { ...unranked, first: ranked.dashboard ?? [] },
      card: unranked,
      person: { ...unranked, first: ranked.person ?? [] },
      table: unranked,
      fingerprint: { ...unranked, first: ranked.fingerprint ?? [] },
    },
    refused: { attempts: 0, queries: 0, costMicros: 0n, days: new Map() },
    cached: nothing,
    unguarded: { ...nothing, days: new Map() },
    assumed: { ...nothing, days: new Map() },
  };
  const month = {
    month: '2026-11',
    timeZone: 'UTC',
    days: ['2026-11-22', '2026-11-23'],
    madeAtMs: NOW,
    running: true,
    rolledUp: false,
    sections: [section],
    refusedUnpriced: 0,
    openQueries: 0,
    reconciliation: null,
    head: null,
  };
  return {
    month: { value: month, atMs: NOW },
    today: { value: [], atMs: NOW },
    date: '2026-11-24',
    balances: [],
    hours: { value: [], atMs: NOW },
    latest: [],
    savings: { value: noSavings, atMs: NOW },
    savedToo: null,
    exchangeOn: () => ({ ...pricing, exchangeRates: [] }),
  };
}
