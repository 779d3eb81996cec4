import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startOfDay } from '../../src/foundation/calendar/days.ts';
import { guardrail, type Ran } from './command-line.ts';
import { eventually, PROJECT, useHouse } from './guardrail.ts';
import {
  daysBefore,
  PRINCIPALS,
  reconciliation,
  type Smuggled,
  send,
  smuggle,
  type Team,
  TIME_ZONE,
  type Visit,
  visitsOf,
} from './month.ts';

/** For a longer run that shows what the commands print: `MONTH_QUERIES_A_DAY=50 npm test -- tests/e2e/month.test.ts`. */
const queriesADay = process.env['MONTH_QUERIES_A_DAY'];
const [FROM = '', ...LATER] = daysBefore(Date.now(), 31);
const TO = LATER.at(-1) ?? '';
const DAYS = [FROM, ...LATER.slice(0, -1)];
const HOUR_MS = 3_600_000;
const AUDITOR = `auditor@${PROJECT}.iam.gserviceaccount.com`;

const house = useHouse({ sandbox: { messages: 5_000 } });
const visits = DAYS.flatMap((day) => visitsOf(day, Number(queriesADay ?? 12)));
const endings: Visit['ends'][] = [];
/** What the warehouse billed each principal, before anything was smuggled. */
let billed: ReadonlyMap<string, bigint> = new Map();
let smuggled: readonly Smuggled[] = [];

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const visit of visits) {
    vi.setSystemTime(visit.atMs);
    endings.push(await send(house, visit));
  }
  await eventually(
    async () => expect(inLedger(`SELECT * FROM reservations WHERE state = 'open'`)).toEqual([]),
    60_000,
  );
  vi.useRealTimers();
  billed = await billedByPrincipal();
}, 1_200_000);
afterAll(() => vi.useRealTimers());

function inLedger(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(house.ledger().replace(/^sqlite:/, ''), { timeout: 5_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** What the warehouse billed, by its own jobs.list. */
async function billedByPrincipal(): Promise<ReadonlyMap<string, bigint>> {
  const [jobs] = await house.direct().getJobs({ allUsers: true });
  const sums = new Map<string, bigint>();
  for (const { metadata } of jobs) {
    const bytes = BigInt(metadata.statistics.query?.totalBytesBilled ?? 0);
    sums.set(metadata.user_email, (sums.get(metadata.user_email) ?? 0n) + bytes);
  }
  return sums;
}

/** Runs a command as a principal who may read all jobs, on the ledger and the policies of the house. */
function asAuditor(...args: readonly string[]): Promise<Ran> {
  return guardrail(args, {
    GUARDRAIL_LEDGER: house.ledger(),
    GUARDRAIL_POLICIES: house.policies(),
    GUARDRAIL_UPSTREAM: house.sandbox().url,
    GUARDRAIL_TOKEN: `sandbox:${AUDITOR}`,
  });
}

function reconcile(...more: readonly string[]): Promise<Ran> {
  return shown('reconcile', '--from', FROM, '--to', TO, '--time-zone', TIME_ZONE, '--lag', '0', ...more);
}

/** Runs a command, and shows what it prints if MONTH_QUERIES_A_DAY is set. */
async function shown(...args: readonly string[]): Promise<Ran> {
  const ran = await asAuditor(...args);
  const isForPeople = !args.includes('json');
  if (queriesADay !== undefined && isForPeople) {
    process.stdout.write(
      `$ guardrail ${args.join(' ')}\n${ran.stdout}${ran.stderr}exit code ${ran.code}\n\n`,
    );
  }
  return ran;
}

async function reconciledAsJson() {
  if (queriesADay !== undefined) await reconcile();
  const { code, stdout, stderr } = await reconcile('--format', 'json');
  expect(stderr).toBe('');
  return { code, ...reconciliation.parse(JSON.parse(stdout)) };
}

/** Bytes or micros by team. */
function summed(rows: readonly (readonly [team: string, amount: bigint])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [team, amount] of rows) sums[team] = (sums[team] ?? 0n) + amount;
  return sums;
}

describe('a month of queries', () => {
  test('ends for its clients with the expected answers, refusals and failures', () => {
    const [expected, seen] = [visits.map(({ ends }) => ends), endings];

    expect(seen).toEqual(expected);
    expect(new Set(expected)).toEqual(new Set(['well', 'refused', 'failed', 'unknown']));
  });

  test('has dashboards with several viewers, and answers from the cache', () => {
    expect(inLedger('SELECT DISTINCT person FROM decisions WHERE person IS NOT NULL').length).toBeGreaterThan(
      3,
    );
    expect(inLedger('SELECT DISTINCT dashboard FROM decisions WHERE dashboard IS NOT NULL')).toHaveLength(2);
    expect(inLedger('SELECT * FROM settlements WHERE cache_hit = 1').length).toBeGreaterThan(DAYS.length);
  });

  test('balances to the byte by team and day with the warehouse’s list of jobs', async () => {
    const { code, balances, findings, days } = await reconciledAsJson();

    expect({ code, balances, findings }).toEqual({ code: 0, balances: true, findings: [] });
    expect(new Set(days.map(({ day }) => day))).toEqual(new Set(DAYS));
    for (const row of days) {
      expect(row.ledgerBytes).toBe(row.warehouseBytes);
      expect(row.ledgerMicros).toBe(row.warehouseMicros);
    }
    const teams = Object.entries(PRINCIPALS).map(
      ([team, principal]) => [team, billed.get(principal) ?? 0n] as const,
    );
    expect(summed(days.map((row) => [row.team, row.ledgerBytes]))).toEqual(summed(teams));
  });
});

test('the API, the reconciliation and the counter have the same cost of each team, to the micro', async () => {
  const [from, to] = [FROM, TO].map((day) => new Date(startOfDay(day, TIME_ZONE)).toISOString());

  const { spend } = await house.ops(`/api/v1/spend?by=team&from=${from}&to=${to}`);
  const { days } = await reconciledAsJson();
  const counted = await Promise.all(
    Object.keys(PRINCIPALS).map(async (team) => {
      const units = await house.metric('guardrail_cost_total', { team, currency: 'USD' });
      return [team, BigInt(Math.round((units ?? 0) * 1e6))] as const;
    }),
  );

  const micros = spend.map(
    (row: { key: string; costMicros: string }) => [row.key, BigInt(row.costMicros)] as const,
  );
  expect(summed(counted)).toEqual(summed(micros));
  expect(summed(days.map((row) => [row.team, row.ledgerMicros]))).toEqual(summed(micros));
});

describe('ten jobs that three principals run bypassing guardrail', () => {
  const WHO: readonly Team[] = ['unassigned', 'atendimento', 'dados', 'unassigned', 'atendimento'];
  const secrets = Array.from({ length: 10 }, (_, index) => ({
    day: DAYS[index * 3 + 1] ?? '',
    team: WHO[index % WHO.length] ?? 'dados',
    query: `SELECT COUNT(m.body) AS n${index} FROM atendimento.messages AS m${index % 2 === 0 ? '' : ' JOIN atendimento.tickets AS t USING (ticket_id)'}`,
  }));

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const done: Smuggled[] = [];
    for (const { day, team, query } of secrets) {
      vi.setSystemTime(startOfDay(day, TIME_ZONE) + 15 * HOUR_MS);
      done.push(await smuggle(house, PRINCIPALS[team], query));
    }
    smuggled = done;
    vi.useRealTimers();
  });

  test('are found, those ten and no others, with their principal and bytes billed', async () => {
    const { code, findings, unguarded, days } = await reconciledAsJson();

    expect(code).toBe(1);
    expect(findings.map(({ kind }) => kind)).toEqual(smuggled.map(() => 'unguarded'));
    expect(findings.map(({ job }) => job).toSorted()).toEqual(
      smuggled.map(({ jobId }) => `${PROJECT}:US.${jobId}`).toSorted(),
    );
    expect(unguarded.reduce((jobs, one) => jobs + one.jobs, 0)).toBe(10);
    expect(summed(unguarded.map((one) => [one.principal, one.bytesBilled]))).toEqual(
      summed(smuggled.map((one) => [one.principal, one.bytesBilled])),
    );
    expect(unguarded.map(({ team }) => team).toSorted()).toEqual(['atendimento', 'dados', 'unassigned']);
    const differing = days.filter((row) => row.ledgerBytes !== row.warehouseBytes);
    expect(differing.map(({ day, team }) => `${day} ${team}`)).toEqual(
      secrets.map(({ day, team }) => `${day} ${team}`),
    );
  });

  test('are entered as corrections, after which the books balance and a second run enters nothing', async () => {
    const corrections = ['--write-corrections', '--reason', 'found at the end of the month', '--by', 'ana'];

    const first = await reconcile(...corrections);
    const entered = inLedger('SELECT * FROM settlements').length;
    const second = await reconcile(...corrections);

    expect(first).toMatchObject({ code: 1, stdout: expect.stringContaining('10 corrections were entered.') });
    expect(second).toMatchObject({ code: 0, stdout: expect.not.stringContaining('entered') });
    expect(inLedger('SELECT * FROM settlements')).toHaveLength(entered);
    expect(inLedger(`SELECT * FROM decisions WHERE outcome = 'unguarded'`)).toHaveLength(10);
  });

  test('count as spend of their teams, and leave the records intact', async () => {
    const [from, to] = [FROM, TO].map((day) => new Date(startOfDay(day, TIME_ZONE)).toISOString());

    const { spend } = await house.ops(`/api/v1/spend?by=team&from=${from}&to=${to}`);
    const verified = await shown('records', 'verify');

    const teams = Object.entries(PRINCIPALS).map(([team, principal]): readonly [string, bigint] => {
      const past = smuggled.filter((one) => one.principal === principal);
      return [team, past.reduce((sum, one) => sum + one.bytesBilled, billed.get(principal) ?? 0n)];
    });
    expect(
      summed(spend.map((row: { key: string; bytesBilled: string }) => [row.key, BigInt(row.bytesBilled)])),
    ).toEqual(summed(teams));
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Intact: /) });
  });
});

test('a settlement altered in the database is found both by reconcile and by records verify', async () => {
  const [altered] = inLedger(`UPDATE settlements SET bytes_billed = bytes_billed - 1
    WHERE decision_id = (SELECT MIN(decision_id) FROM settlements WHERE source = 'response' AND bytes_billed > 0)
    RETURNING decision_id`);

  const books = await reconciledAsJson();
  const records = await shown('records', 'verify');

  expect(books.code).toBe(1);
  expect(books.findings).toEqual([
    expect.objectContaining({ kind: 'differs', decision: altered?.['decision_id'] }),
  ]);
  expect(records).toMatchObject({ code: 1, stdout: expect.stringContaining('entry altered') });
  expect(records.stdout).toContain(altered?.['decision_id']);
});
