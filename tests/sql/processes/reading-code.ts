import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a process does that is started to read; one that `breaks` says that it can read, and ends at what it is given;
 * one that `dawdles` takes its time over each query.
 */
type Behaviour = 'reads' | 'dawdles' | 'hangs' | 'ends' | 'breaks';

/** Within the time that a query may take to read. */
export const DAWDLES_MS = 800;

interface ReadingCode {
  readonly url: URL;
  /** Of all that were started, in their order. */
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

/** Code of processes that behave, one after the other as they are started, as is said; later ones as the last. */
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
