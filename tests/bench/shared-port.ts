import { join } from 'node:path';
import { drive } from './load/drive.ts';
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
export interface SharedPort {
  readonly connections: number;
  readonly one: Spread;
  readonly two: Spread;
  /** Queries per second of two over those of one, round by round. */
  readonly twoOverOne: Spread;
  readonly cpuTwoOverOne: Spread;
}

export function sharedPort(options: SharedPortOptions): Promise<SharedPort> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream')]));
    const settings = await benchSettings(folder, upstream.url);
    const alone = await start(startGuard(settings));
    const shared = (name: string) => ({
      ...settings,
      GUARDRAIL_REUSE_PORT: 'true',
      GUARDRAIL_LEDGER: `sqlite:${join(folder, 'shared.db')}`,
      GUARDRAIL_LEDGER_SPOOL: join(folder, `${name}.jsonl`),
    });
    const first = await start(startGuard(shared('first')));
    const second = await start(
      startGuard({ ...shared('second'), GUARDRAIL_LISTEN: new URL(first.url).host }),
    );
    return measure(
      { url: alone.url, pids: [alone.pid] },
      { url: first.url, pids: [first.pid, second.pid] },
      options,
    );
  });
}

type Target = Parameters<typeof drive>[0];

async function measure(
  one: Target,
  two: Target,
  { rounds, secondsEach: seconds, connections }: SharedPortOptions,
): Promise<SharedPort> {
  // Until all is compiled and every query is priced, nothing counts.
  for (const target of [one, two]) await drive(target, { connections, seconds: 2 * seconds });
  const ofOne: Awaited<ReturnType<typeof drive>>[] = [];
  const ofTwo: typeof ofOne = [];
  for (let round = 0; round < rounds; round += 1) {
    ofOne.push(await drive(one, { connections, seconds }));
    ofTwo.push(await drive(two, { connections, seconds }));
  }
  const rate = (all: typeof ofOne) => all.map(({ answersPerSecond }) => answersPerSecond);
  const cpu = (all: typeof ofOne) => all.map(({ cpuMicros }) => cpuMicros);
  return {
    connections,
    one: spreadOf(rate(ofOne)),
    two: spreadOf(rate(ofTwo)),
    twoOverOne: spreadOf(ratios(rate(ofTwo), rate(ofOne))),
    cpuTwoOverOne: spreadOf(ratios(cpu(ofTwo), cpu(ofOne))),
  };
}

/** As a table of Markdown. */
export function sharedPortText({ connections, one, two, twoOverOne, cpuTwoOverOne }: SharedPort): string {
  return tableText(
    [`${connections} connections`, 'queries/s'],
    [
      ['one process', spreadText(one, 0)],
      ['two on one port, one SQLite ledger', spreadText(two, 0)],
      ['two over one', spreadText(twoOverOne)],
      ['CPU a query, two over one', spreadText(cpuTwoOverOne)],
    ],
  );
}

if (import.meta.main) {
  console.log(sharedPortText(await sharedPort({ rounds: 5, secondsEach: 2, connections: 64 })));
}
