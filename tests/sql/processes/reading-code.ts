import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a reading process does once it is started: one that `breaks` reports that it is ready, and ends at the first
 * query; one that `dawdles` takes its time over each query.
 */
type Behaviour = 'reads' | 'dawdles' | 'hangs' | 'ends' | 'breaks';

/** Shorter than the time that reading a query may take. */
export const DAWDLES_MS = 800;

interface ReadingCode {
  readonly url: URL;
  /** The IDs of all processes that were started, in order. */
  processes(): Promise<readonly number[]>;
}

const REAL = new URL('../../../src/sql/processes/reading-process-main.ts', import.meta.url);

const BEHAVIOURS: Readonly<Record<Behaviour, string>> = {
  reads: `await import(${JSON.stringify(REAL.href)});`,
  dawdles: `await import(${JSON.stringify(REAL.href)});
    process.prependListener('message', () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${DAWDLES_MS});
    });`,
  hangs: 'setInterval(() => undefined, 60_000);',
  ends: 'process.exit(3);',
  breaks: `process.on('message', () => process.exit(4)); process.send({ kind: 'ready' });`,
};

/** Code for processes that show these behaviours in the order they are started; later ones show the last. */
export async function codeThat(...behaviours: readonly Behaviour[]): Promise<ReadingCode> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-reading-'));
  const started = join(folder, 'started');
  const file = join(folder, 'main.mjs');
  await writeFile(started, '');
  await writeFile(
    file,
    `import { appendFileSync, readFileSync } from 'node:fs';
    process.on('disconnect', () => process.exit());
    const before = readFileSync(${JSON.stringify(started)}, 'utf8').split('\\n').length - 1;
    appendFileSync(${JSON.stringify(started)}, process.pid + '\\n');
    const behaviours = [${behaviours.map((behaviour) => `async () => { ${BEHAVIOURS[behaviour]} }`)}];
    await (behaviours[before] ?? behaviours.at(-1))();`,
  );
  return {
    url: pathToFileURL(file),
    processes: async () => (await readFile(started, 'utf8')).split('\n').filter(Boolean).map(Number),
  };
}
