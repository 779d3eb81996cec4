import type { Ledger } from '../../../src/ledger/ledger.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { gatherSunset } from '../../../src/service/questions/gather-sunset.ts';
import type { CatalogEntry } from '../../../src/vocabulary/table.ts';
import { decision } from '../../records/builders.ts';
import { insertEntry } from '../../records/journal/insert-entry.ts';
import { reconciliationEntry } from '../../records/journal/journal-builders.ts';
import { DAY_MS, day, FIRST_MS, type PastQuery } from '../replay/month.ts';

export const LEGACY = 'guardrail-demo.atendimento.legacy_messages_export';

const ENTRY = {
  table: LEGACY,
  status: 'legacy',
  owner: 'dados',
  replacement: 'guardrail-demo.atendimento.messages',
  partitionColumn: null,
} as const;

/** The last day of the month's queries is over. */
export const nowMs = FIRST_MS + 30 * DAY_MS;

export function sunset(
  ledger: Ledger,
  changes: {
    table?: string;
    entry?: CatalogEntry | null;
    days?: number;
    nowMs?: number;
    timeZone?: string;
  } = {},
) {
  return gatherSunset(ledger.read, {
    table: LEGACY,
    entry: ENTRY,
    days: 30,
    nowMs,
    onProgress: () => undefined,
    ...changes,
  });
}

/** Queries of some days, with those over the legacy table in the first of them only. */
export function usedUntil(lastDay: number, days = 31): readonly PastQuery[] {
  return Array.from({ length: days }, (_, index) =>
    day(index - 1).filter(({ sql }) => index - 1 <= lastDay || !sql.includes('legacy')),
  ).flat();
}

/** Somebody looked for what bypassed guardrail, from the first day up to an instant. */
export async function reconciled(
  ledger: Ledger,
  toMs: number,
  changes: { unguarded_jobs?: bigint; corrections?: bigint } = {},
) {
  const entry = reconciliationEntry(`r-${toMs}`);
  const row = {
    ...entry.row,
    at_ms: BigInt(toMs),
    from_ms: BigInt(FIRST_MS - DAY_MS),
    to_ms: BigInt(toMs),
    ...changes,
  };
  await ledger.write((db) => insertEntry(db, { ...entry, row }));
}

export async function unguarded(ledger: Ledger, sql: string) {
  const [row] = [
    decision({
      id: `unguarded-${sql.length}`,
      atMs: nowMs - 2 * DAY_MS,
      sql,
      outcome: 'unguarded',
      estimate: null,
      hits: [],
    }),
  ];
  const reading = { ...row.reading, reader: 'none' as const, tables: [] };
  await ledger.write((db) => enterDecisions(db, [{ ...row, reading }]));
}
