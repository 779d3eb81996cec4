import { parseArgs } from 'node:util';
import { type Driven, drive } from './load/drive.ts';
import { benchSettings } from './measure/bench-policies.ts';
import { type ServerProcess, startGuard, startServer } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';
import { startNginx } from './servers/nginx.ts';

export interface HotPathOptions {
  readonly rounds: number;
  readonly secondsEach: number;
  readonly connections: readonly number[];
  /** What the warehouse takes for a query. */
  readonly warehouseMs: number;
}

/** What stands, or does not stand, between the client and the warehouse. */
export type Way = 'direct' | 'nginx' | 'bare proxy' | 'guardrail';

/** What queries take on one way. */
export interface OneWay {
  readonly answersPerSecond: Spread;
  readonly p50Micros: Spread;
  readonly p99Micros: Spread;
  /** Of the process in the way and its children; null where there is none. */
  readonly cpuMicros: Spread | null;
}

/** The guardrail's figures over the bare proxy's, round by round. */
export interface OverBare {
  readonly cpu: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
}

export interface AtConnections {
  readonly connections: number;
  readonly ways: ReadonlyMap<Way, OneWay>;
  readonly overBare: OverBare;
}

export interface HotPath {
  readonly warehouseMs: number;
  readonly atConnections: readonly AtConnections[];
}

/** A query whose price is known, through the guardrail and through less. */
export function hotPath(options: HotPathOptions): Promise<HotPath> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream'), String(options.warehouseMs)]));
    const nginx = await start(startNginx(folder, upstream.url));
    const bare = await start(startServer([serverModule('bare-proxy'), upstream.url]));
    const guard = await start(startGuard(await benchSettings(folder, upstream.url)));
    const targets: readonly Target[] = [
      { way: 'direct', url: upstream.url, pids: [] },
      ...(nginx === null ? [] : [inTheWay('nginx', nginx)]),
      inTheWay('bare proxy', bare),
      inTheWay('guardrail', guard),
    ];
    return measure(targets, options);
  });
}

interface Target {
  readonly way: Way;
  readonly url: string;
  /** Of the process in the way, if there is one. */
  readonly pids: readonly number[];
}

function inTheWay(way: Way, { url, pid }: ServerProcess): Target {
  return { way, url, pids: [pid] };
}

async function measure(targets: readonly Target[], options: HotPathOptions): Promise<HotPath> {
  // Until all is compiled and every query is priced, nothing counts.
  for (const target of targets) await drive(target, { connections: 32, seconds: 8 });
  const atConnections: AtConnections[] = [];
  for (const connections of options.connections) {
    const rounds = new Map<Way, Driven[]>(targets.map(({ way }) => [way, []]));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const target of targets) {
        rounds.get(target.way)?.push(await drive(target, { connections, seconds: options.secondsEach }));
      }
    }
    atConnections.push({ connections, ...summary(rounds) });
  }
  return { warehouseMs: options.warehouseMs, atConnections };
}

function summary(rounds: ReadonlyMap<Way, readonly Driven[]>): Omit<AtConnections, 'connections'> {
  const all = (way: Way, key: keyof Driven) => (rounds.get(way) ?? []).map((round) => round[key]);
  const over = (key: keyof Driven) => spreadOf(ratios(all('guardrail', key), all('bare proxy', key)));
  const one = (way: Way): OneWay => ({
    answersPerSecond: spreadOf(all(way, 'answersPerSecond')),
    p50Micros: spreadOf(all(way, 'p50Micros')),
    p99Micros: spreadOf(all(way, 'p99Micros')),
    cpuMicros: way === 'direct' ? null : spreadOf(all(way, 'cpuMicros')),
  });
  return {
    ways: new Map([...rounds.keys()].map((way) => [way, one(way)])),
    overBare: { cpu: over('cpuMicros'), p50: over('p50Micros'), p99: over('p99Micros') },
  };
}

/** As tables of Markdown. */
export function hotPathText({ atConnections }: HotPath): string {
  const rows = atConnections.flatMap(({ connections, ways }) =>
    [...ways].map(([way, { answersPerSecond, p50Micros, p99Micros, cpuMicros }]) => [
      `${connections} · ${way}`,
      spreadText(answersPerSecond, 0),
      spreadText(p50Micros, 0),
      spreadText(p99Micros, 0),
      cpuMicros === null ? '–' : spreadText(cpuMicros, 0),
    ]),
  );
  const overBare = atConnections.map(({ connections, overBare: { cpu, p50, p99 } }) => [
    String(connections),
    spreadText(cpu),
    spreadText(p50),
    spreadText(p99),
  ]);
  return [
    tableText(['connections', 'queries/s', 'p50 µs', 'p99 µs', 'CPU µs a query'], rows),
    tableText(['connections', 'CPU over bare', 'p50 over bare', 'p99 over bare'], overBare),
  ].join('\n\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '1,8,64' },
      'warehouse-ms': { type: 'string', default: '0' },
    },
  });
  const measured = await hotPath({
    rounds: Number(values.rounds),
    secondsEach: Number(values.seconds),
    connections: values.connections.split(',').map(Number),
    warehouseMs: Number(values['warehouse-ms']),
  });
  console.log(hotPathText(measured));
}
