import { join } from 'node:path';
import { startPostgres } from '../ledger/postgres/server.ts';
import { type Driven, drive } from './load/drive.ts';
import { benchSettings } from './measure/bench-policies.ts';
import { startGuard, startServer } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';

export interface SharedPortOptions {
  readonly rounds: number;
  readonly secondsEach: number;
  readonly connections: number;
}

/** One process on a port, and two that share one with one ledger, under the same load in turn. */
export interface OnOneLedger {
  readonly ledger: 'SQLite' | 'PostgreSQL';
  readonly one: Spread;
  readonly two: Spread;
  /** Queries per second of two over those of one, round by round. */
  readonly twoOverOne: Spread;
  readonly cpuTwoOverOne: Spread;
}

export interface SharedPort {
  readonly connections: number;
  readonly byLedger: readonly OnOneLedger[];
}

export async function sharedPort(options: SharedPortOptions): Promise<SharedPort> {
  const onSqlite = await measured(
    'SQLite',
    (name, folder) => `sqlite:${join(folder, `${name}.db`)}`,
    options,
  );
  const postgres = await startPostgres();
  try {
    const onPostgres = await measured('PostgreSQL', (name) => `${postgres.url}?schema=${name}`, options);
    return { connections: options.connections, byLedger: [onSqlite, onPostgres] };
  } finally {
    await postgres.remove();
  }
}

/** @param address of a ledger by its name, and the folder that it may be in */
function measured(
  ledger: OnOneLedger['ledger'],
  address: (name: string, folder: string) => string,
  options: SharedPortOptions,
): Promise<OnOneLedger> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream')]));
    const settings = await benchSettings(folder, upstream.url);
    const guard = (name: string, ledgerName: string, listen = '127.0.0.1:0') =>
      start(
        startGuard({
          ...settings,
          GUARDRAIL_LISTEN: listen,
          GUARDRAIL_REUSE_PORT: 'true',
          GUARDRAIL_LEDGER: address(ledgerName, folder),
          GUARDRAIL_LEDGER_SPOOL: join(folder, `${name}.jsonl`),
        }),
      );
    const alone = await guard('alone', 'alone');
    const first = await guard('first', 'shared');
    const second = await guard('second', 'shared', new URL(first.url).host);
    const one = { url: alone.url, pids: [alone.pid] };
    const two = { url: first.url, pids: [first.pid, second.pid] };
    return { ledger, ...(await inTurn(one, two, options)) };
  });
}

type Target = Parameters<typeof drive>[0];

async function inTurn(
  one: Target,
  two: Target,
  { rounds, secondsEach: seconds, connections }: SharedPortOptions,
): Promise<Omit<OnOneLedger, 'ledger'>> {
  // Until all is compiled and every query is priced, nothing counts.
  for (const target of [one, two]) await drive(target, { connections, seconds: 2 * seconds });
  const ofOne: Driven[] = [];
  const ofTwo: Driven[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ofOne.push(await drive(one, { connections, seconds }));
    ofTwo.push(await drive(two, { connections, seconds }));
  }
  const rate = (all: readonly Driven[]) => all.map(({ answersPerSecond }) => answersPerSecond);
  const cpu = (all: readonly Driven[]) => all.map(({ cpuMicros }) => cpuMicros);
  return {
    one: spreadOf(rate(ofOne)),
    two: spreadOf(rate(ofTwo)),
    twoOverOne: spreadOf(ratios(rate(ofTwo), rate(ofOne))),
    cpuTwoOverOne: spreadOf(ratios(cpu(ofTwo), cpu(ofOne))),
  };
}

/** As a table of Markdown. */
export function sharedPortText({ connections, byLedger }: SharedPort): string {
  return tableText(
    [
      `${connections} connections`,
      'queries/s, one process',
      'queries/s, two on one port',
      'two over one',
      'CPU a query, two over one',
    ],
    byLedger.map(({ ledger, one, two, twoOverOne, cpuTwoOverOne }) => [
      `a ledger in ${ledger}`,
      spreadText(one, 0),
      spreadText(two, 0),
      spreadText(twoOverOne),
      spreadText(cpuTwoOverOne),
    ]),
  );
}

if (import.meta.main) {
  console.log(sharedPortText(await sharedPort({ rounds: 5, secondsEach: 2, connections: 64 })));
}
