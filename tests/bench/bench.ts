import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { hotPath, hotPathText } from './hot-path.ts';
import { CASES, noisyNeighbour, noisyNeighbourText } from './noisy-neighbour.ts';
import { sharedPort, sharedPortText } from './shared-port.ts';
import { soak, soakText } from './soak.ts';
import { SIZES, stages, stagesText } from './stages.ts';
import { start, startText } from './start.ts';
import { streaming, streamingText } from './streaming.ts';

/*
 * `npm run bench`: takes every measure of docs/benchmarks.md, prints it, and writes it into its place on that page.
 * `npm run bench -- start streaming` takes these alone; the soak of half an hour is taken only by its name.
 */
const PAGE = 'docs/benchmarks.md';
const MIB = 1 << 20;
const CONNECTIONS = [1, 8, 64];

const MEASURES: Readonly<Record<string, () => Promise<string>>> = {
  'hot-path': async () =>
    hotPathText(await hotPath({ rounds: 5, secondsEach: 2, connections: CONNECTIONS, warehouseMs: 0 })),
  'hot-path-200': async () =>
    hotPathText(await hotPath({ rounds: 5, secondsEach: 2, connections: CONNECTIONS, warehouseMs: 200 })),
  stages: async () => stagesText(await stages({ times: 1_000, sizes: SIZES })),
  'shared-port': async () => sharedPortText(await sharedPort({ rounds: 5, secondsEach: 2, connections: 64 })),
  streaming: async () =>
    streamingText(
      await streaming({
        alone: { rounds: 5, bytes: 1024 * MIB },
        atOnce: { rounds: 3, sizes: [32 * MIB, 128 * MIB] },
      }),
    ),
  start: async () => startText(await start({ rounds: 7, decisions: 10_000, idleMs: 10_000 })),
  neighbour: async () =>
    noisyNeighbourText(await noisyNeighbour({ cases: CASES, rounds: 3, seconds: 4, queriesPerSecond: 25 })),
  soak: async () => soakText(await soak({ minutes: 30, perSecond: 10 })),
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in MEASURES));
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(', ')}; there are ${Object.keys(MEASURES).join(', ')}.`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals : Object.keys(MEASURES).filter((name) => name !== 'soak');
for (const [done, name] of wanted.entries()) {
  console.log(`\n## ${name} (${done + 1} of ${wanted.length})\n`);
  const text = (await MEASURES[name]?.()) ?? '';
  console.log(text);
  await put(name, `${text}\n\n${when()}`);
}
console.log(`\nWritten into ${PAGE}.`);

/** Between the marks that carry the measure's name. */
async function put(name: string, text: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${PAGE} has no place for ${name}`);
  await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}

function when(): string {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `*${day}, ${cpus().length} × ${cpu?.model.trim() ?? 'a processor'}, Linux, Node ${process.version}.*`;
}
