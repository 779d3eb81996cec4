import { createBooks } from '../../../src/books/books.ts';
import { dayAt } from '../../../src/foundation/calendar/days.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { GIB } from '../../../src/vocabulary/bytes.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import type { RuleHit } from '../../../src/vocabulary/policy.ts';
import { costOf } from '../../../src/vocabulary/pricing.ts';
import { decision } from '../../records/builders.ts';
import { ATENDIMENTO, FINOPS, type House, PROJECT } from '../guardrail.ts';
import { SQL } from './traffic.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ENGINEER = 'rui@dados.guardrail-demo.example';
const TIME_ZONE = 'America/Sao_Paulo';
const PER_DAY = 48;

interface Card {
  readonly sql: string;
  readonly tables: readonly string[];
  readonly principal: string;
  readonly dashboard: string | null;
  readonly card: string;
  /** The tenths of a GiB that a run is billed. */
  readonly tenths: number;
  readonly hits?: readonly RuleHit[];
  readonly refused?: boolean;
}

const at = (file: string, line: number) => ({ file: `policies/${file}.yaml`, line, column: 5 });

const CARDS: readonly Card[] = [
  {
    sql: SQL.week,
    tables: ['atendimento.messages'],
    principal: ATENDIMENTO,
    dashboard: '3',
    card: '7',
    tenths: 46,
  },
  {
    sql: SQL.bodies,
    tables: ['atendimento.messages'],
    principal: ATENDIMENTO,
    dashboard: '3',
    card: '8',
    tenths: 122,
  },
  {
    sql: SQL.tickets,
    tables: ['atendimento.tickets'],
    principal: ATENDIMENTO,
    dashboard: '4',
    card: '9',
    tenths: 31,
  },
  {
    sql: SQL.legacy,
    tables: ['atendimento.legacy_messages_export'],
    principal: ATENDIMENTO,
    dashboard: '5',
    card: '11',
    tenths: 74,
    hits: [{ rule: 'legacy-table', mode: 'warn', message: '', source: at('common', 22) }],
  },
  {
    sql: SQL.star,
    tables: ['atendimento.messages'],
    principal: ATENDIMENTO,
    dashboard: '5',
    card: '12',
    tenths: 900,
    hits: [{ rule: 'no-star-over-messages', mode: 'deny', message: '', source: at('atendimento', 40) }],
    refused: true,
  },
  {
    sql: SQL.payments,
    tables: ['finops.payments'],
    principal: FINOPS,
    dashboard: '40',
    card: '41',
    tenths: 58,
    hits: [{ rule: 'finops-partition-filter', mode: 'audit', message: '', source: at('finops', 35) }],
  },
  {
    sql: 'SELECT body FROM atendimento.messages WHERE created_at >= TIMESTAMP "2026-01-01"',
    tables: ['atendimento.messages'],
    principal: ENGINEER,
    dashboard: null,
    card: '90',
    tenths: 410,
    hits: [{ rule: 'large-query', mode: 'audit', message: '', source: at('common', 41) }],
  },
];

/** Enters a month of dashboard queries, up to an hour ago, into the ledger of a house, which it stops meanwhile. */
export async function aMonth(house: House, nowMs = Date.now()): Promise<void> {
  await house.stop();
  const policy = await loadPolicy(house.policies());
  const ledger = await openLedger(house.ledger());
  try {
    const books = createBooks({ ledger });
    const { day } = dayAt(nowMs, TIME_ZONE);
    const firstMs = dayAt(Date.parse(`${day.slice(0, 7)}-01T12:00:00Z`), TIME_ZONE).startMs;
    for (let startMs = firstMs; startMs < nowMs; startMs += DAY_MS) {
      const isWeekend = [0, 6].includes(new Date(startMs).getUTCDay());
      const queries = Array.from({ length: isWeekend ? PER_DAY / 4 : PER_DAY }, (_, i) => i);
      await Promise.all(queries.map((i) => enterOne(books, policy, { startMs, i, nowMs })));
    }
    await sealNow(ledger);
  } finally {
    await ledger.close();
  }
  await house.restart();
}

/** Enters one query; they are spread over office hours, a little different each day, the same in each run. */
async function enterOne(
  books: ReturnType<typeof createBooks>,
  policy: Policy,
  { startMs, i, nowMs }: { readonly startMs: number; readonly i: number; readonly nowMs: number },
): Promise<void> {
  const number = Math.floor(startMs / DAY_MS) * PER_DAY + i;
  const card = CARDS[spread(number, 19) % CARDS.length];
  const atMs = startMs + 8 * HOUR_MS + Math.floor((i / PER_DAY) * 11 * HOUR_MS);
  if (card === undefined || atMs > nowMs - HOUR_MS) return;
  const billed = (BigInt(card.tenths * (80 + spread(number, 60))) * GIB) / 600n;
  const one = decisionOf(card, policy, { number, atMs, billed });
  if (card.refused) return books.record(one);
  const spend = { bytesBilled: billed, cost: one.estimatedCost ?? usd(0n), slotMs: 0n, queries: 1n };
  await books.admit({
    decision: one,
    reservation: {
      decisionId: one.id,
      atMs,
      coverages: policy.coverageOf(one).filter(({ budget }) => budget.window !== 'now'),
      rulesHeld: [],
      pricing: policy.pricing,
      spend,
      expiresAtMs: atMs + HOUR_MS,
      replica: 'of the month',
      regardless: true,
    },
  });
  const isCached = number % 9 === 0;
  await books.settle({
    decisionId: one.id,
    admittedAtMs: atMs,
    atMs: atMs + 1400,
    jobId: `${PROJECT}:US.job_${one.id}`,
    bytesProcessed: isCached ? 0n : billed,
    bytesBilled: isCached ? 0n : billed,
    cacheHit: isCached,
    slotMs: 4200,
    durationMs: 1400,
    errorReason: null,
    source: 'response',
    price: { known: isCached ? usd(0n) : spend.cost },
  });
}

function decisionOf(
  card: Card,
  policy: Policy,
  { number, atMs, billed }: { readonly number: number; readonly atMs: number; readonly billed: bigint },
): Decision {
  const isTool = card.dashboard !== null;
  const tables = card.tables.map((name) => {
    const [datasetId = '', tableId = ''] = name.split('.');
    return { projectId: PROJECT, datasetId, tableId };
  });
  const tariff = { model: 'on demand', currency: 'USD', microsPerTib: 6_250_000n } as const;
  return decision({
    id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
    atMs,
    caller: {
      principal: card.principal,
      team: policy.teamOf(card.principal).name,
      tool: isTool ? 'metabase' : 'python',
      person: isTool ? String(10 + spread(number * 7, 9)) : null,
      dashboard: card.dashboard,
      card: isTool ? card.card : null,
    },
    sql: card.sql,
    reading: readSql(card.sql, { projectId: PROJECT, defaultDataset: null }),
    estimate: {
      principal: card.principal,
      statementType: 'SELECT',
      location: 'US',
      bytesProcessed: billed,
      bytesBilled: billed,
      accuracy: 'PRECISE',
      referencedTables: tables,
      madeAtMs: atMs,
    },
    estimatedCost: costOf({ bytesBilled: billed, slotMs: 0n }, tariff),
    outcome: card.refused ? 'refused' : 'admitted',
    cause: card.refused ? (card.hits?.[0]?.rule ?? null) : null,
    hits: card.hits ?? [],
    maximumBytesBilled: card.refused ? null : billed,
    overheadMs: 8.4,
  });
}

function usd(micros: bigint) {
  return { currency: 'USD', micros };
}

function spread(i: number, count: number): number {
  return (Math.abs(Math.imul(i + 1, 2_654_435_761)) >>> 8) % count;
}
