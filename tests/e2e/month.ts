import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startOfDay } from '../../src/foundation/calendar/days.ts';
import { atendimentoCards, type Card, finopsCards } from './dashboards.ts';
import { ATENDIMENTO, FINOPS, type House, PROJECT } from './guardrail.ts';

export const TIME_ZONE = 'America/Sao_Paulo';

/** A principal of each team, and one without a team. */
export const PRINCIPALS = {
  atendimento: ATENDIMENTO,
  finops: FINOPS,
  dados: 'rui@dados.guardrail-demo.example',
  unassigned: 'bob@guardrail-demo.example',
} as const;
export type Team = keyof typeof PRINCIPALS;

/** One query, and the way in which it is sent. */
export interface Visit {
  readonly atMs: number;
  readonly team: Team;
  readonly card: Omit<Card, 'title'>;
  /** `hangUpAfterMs`: the client hangs up after so many milliseconds, whatever the state of the query. */
  readonly way: 'jobs.query' | 'jobs.insert' | { readonly hangUpAfterMs: number };
  readonly ends: 'well' | 'refused' | 'failed' | 'unknown';
}

const DAY_MS = 86_400_000;

/** The days of a month that ended yesterday, as ISO dates in the zone. */
export function daysBefore(nowMs: number, days: number): readonly string[] {
  const today = new Intl.DateTimeFormat('sv', { timeZone: TIME_ZONE }).format(nowMs);
  return Array.from({ length: days }, (_, index) =>
    new Date(Date.parse(today) - (days - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

/**
 * About as many queries as given, half as many at weekends, from the first instant of a day to one of its last.
 * @param perDay the average over the days of a week
 */
export function visitsOf(day: string, perDay: number): readonly Visit[] {
  const startMs = startOfDay(day, TIME_ZONE);
  const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
  const count = Math.round((perDay * 7) / (isWeekend ? 12 : 6));
  return Array.from({ length: count }, (_, index) => ({
    atMs: startMs + Math.floor((index * (DAY_MS - 10)) / Math.max(count - 1, 1)),
    ...queryAt(day, index),
  }));
}

/** Of each dozen queries most are dashboard cards, many of them sent before that day; the others are exceptions. */
function queryAt(day: string, index: number): Omit<Visit, 'atMs'> {
  const slow =
    'SELECT COUNT(*) AS n FROM atendimento.tickets AS a JOIN atendimento.tickets AS b ON a.subject < b.channel';
  const sql = (text: string) => ({ query: `${text} /* ${day} ${index} */` });
  switch (index % 12) {
    case 3:
      return {
        team: 'dados',
        card: sql('SELECT COUNT(body) AS n FROM atendimento.messages'),
        way: 'jobs.insert',
        ends: 'well',
      };
    case 5:
      return {
        team: 'atendimento',
        card: sql('SELECT * FROM atendimento.messages'),
        way: 'jobs.query',
        ends: 'refused',
      };
    case 6:
      return {
        team: 'unassigned',
        card: sql('SELECT COUNT(*) AS n FROM atendimento.agents'),
        way: 'jobs.query',
        ends: 'well',
      };
    case 7:
      return {
        team: 'finops',
        card: sql('SELECT amount FROM finops.no_such_table'),
        way: 'jobs.insert',
        ends: 'failed',
      };
    case 9:
      return {
        team: 'dados',
        card: sql('SELECT CAST(subject AS INT64) AS n FROM atendimento.tickets'),
        way: 'jobs.query',
        ends: 'failed',
      };
    case 11:
      return {
        team: 'atendimento',
        card: sql(slow),
        way: { hangUpAfterMs: ((Date.parse(day) / DAY_MS) * 7) % 300 },
        ends: 'unknown',
      };
    default:
      return { ...cardOf(day, index), way: index % 4 === 0 ? 'jobs.insert' : 'jobs.query', ends: 'well' };
  }
}

/**
 * A card as Metabase sends it, with its viewer in the first line. A dashboard's cards differ from day to day, and so do
 * their texts, so that only cards already sent on the same day are answered from the cache.
 */
function cardOf(day: string, index: number): Pick<Visit, 'team' | 'card'> {
  const team = index % 3 === 1 ? 'finops' : 'atendimento';
  const cards = team === 'finops' ? finopsCards : atendimentoCards;
  const number = (Date.parse(day) / DAY_MS + Math.floor(index / 6)) % cards.length;
  const { query, params } = cards[number] ?? { query: 'SELECT 1' };
  const remark = `-- Metabase:: userID: ${1 + (index % 5)} queryType: MBQL queryHash: 0a${number} dashboardID: ${1 + (number % 2)}`;
  const text = `${remark}\n${query.replace(/^-- Metabase.*\n/, '')} /* ${day} */`;
  return { team, card: { query: text, ...(params === undefined ? {} : { params }) } };
}

/** Sends a query through guardrail. @returns how it ended for its client */
export async function send(house: House, { team, card, way }: Visit): Promise<Visit['ends']> {
  const principal = PRINCIPALS[team];
  if (typeof way === 'object') {
    await sendAndHangUp(house, principal, card.query, way.hangUpAfterMs);
    return 'unknown';
  }
  try {
    if (way === 'jobs.query') await house.client(principal).query(card);
    else await (await house.client(principal).createQueryJob(card))[0].getQueryResults();
    return 'well';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 403 ? 'refused' : 'failed';
  }
}

async function sendAndHangUp(house: House, principal: string, query: string, afterMs: number): Promise<void> {
  const sent = request(`${house.guardrail().proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${principal}` },
  });
  sent.once('error', () => undefined);
  sent.once('response', (answer) => answer.resume());
  sent.end(JSON.stringify({ query, useLegacySql: false }));
  await sleep(afterMs);
  sent.destroy();
}

/** The job of a query that bypassed guardrail. */
export interface Smuggled {
  readonly principal: string;
  readonly jobId: string;
  readonly bytesBilled: bigint;
}

/** Runs a query directly at the warehouse, bypassing guardrail. */
export async function smuggle(house: House, principal: string, query: string): Promise<Smuggled> {
  const [job] = await house.direct(principal).createQueryJob({ query });
  await job.getQueryResults();
  const [{ statistics }] = await job.getMetadata();
  return { principal, jobId: String(job.id), bytesBilled: BigInt(statistics.query.totalBytesBilled) };
}

const teamRow = z.object({
  day: z.string(),
  team: z.string(),
  ledgerBytes: z.coerce.bigint(),
  warehouseBytes: z.coerce.bigint(),
  ledgerMicros: z.coerce.bigint(),
  warehouseMicros: z.coerce.bigint(),
  findings: z.number(),
});
/** What `reconcile --format json` prints. */
export const reconciliation = z.object({
  balances: z.boolean(),
  counts: z.record(z.string(), z.object({ decisions: z.number(), jobs: z.number() })),
  days: z.array(teamRow),
  unguarded: z.array(
    z.object({ principal: z.string(), team: z.string(), jobs: z.number(), bytesBilled: z.coerce.bigint() }),
  ),
  findings: z.array(
    z.object({ kind: z.string(), day: z.string(), job: z.string(), decision: z.string().nullable() }),
  ),
});
