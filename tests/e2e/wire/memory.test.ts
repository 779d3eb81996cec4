import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, type RequestSpec } from './exchange.ts';
import { type OddAnswer, type OddUpstream, sendJson, startOddUpstream } from './odd-upstream.ts';
import { HERE, query } from './requests.ts';

const MIB = 1 << 20;
const BODY_BYTES = 96 * MIB;
/** A process that buffers would hold the whole answer; one that streams holds only what is in transit. */
const MAX_GROWTH_BYTES = 32 * MIB;

let folder = '';
let upstream: OddUpstream;
let guardrail: Awaited<ReturnType<typeof startProcess>>;

async function startProcess(path: string) {
  const child = fork(join(import.meta.dirname, 'guardrail-process.ts'), [upstream.url, path], {
    stdio: 'ignore',
    execArgv: ['--expose-gc'],
  });
  const [proxyUrl] = await once(child, 'message');
  return {
    proxyUrl: String(proxyUrl),
    async held(): Promise<number> {
      child.send('held');
      const [bytes] = await once(child, 'message');
      return Number(bytes);
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-memory-'));
  upstream = await startOddUpstream();
  guardrail = await startProcess(join(folder, 'ledger.db'));
});
afterAll(async () => {
  await guardrail.stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const NOISE = randomBytes(MIB)
  .toString('base64')
  .slice(0, MIB - 2);

/** An answer of `jobs.query` with so many bytes of rows, and the bytes billed at its end. */
function* result(bytes: number): Generator<string> {
  yield '{"jobReference": {"projectId": "p", "jobId": "j", "location": "US"}, "rows": [""';
  for (let written = 0; written < bytes; written += MIB) yield `,"${NOISE.slice(1)}"`;
  yield '], "jobComplete": true, "totalBytesBilled": "10485760"}';
}

/** Digest of the last answer, as the upstream wrote it. */
let written = createHash('sha256');

async function* digested(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  written = createHash('sha256');
  for await (const piece of pieces) {
    written.update(piece);
    yield piece;
  }
}

const plain =
  (bytes: number): OddAnswer =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    await pipeline(Readable.from(result(bytes)), new PassThrough(), digested, response);
  };

const gzipped =
  (bytes: number): OddAnswer =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    await pipeline(Readable.from(result(bytes)), createGzip({ level: 1 }), digested, response);
  };

const JOB = {
  jobReference: { projectId: 'p', jobId: 'j', location: 'US' },
  status: { state: 'DONE' },
  statistics: { totalBytesProcessed: '1', query: { totalBytesBilled: '10485760' } },
};

/** Sends the large answer, and the job with its bytes billed: guardrail does not read a large answer to the end for them. */
const beside =
  (large: OddAnswer): OddAnswer =>
  (response, request, raw) =>
    request.target.includes('/jobs') ? sendJson(response, JOB) : large(response, request, raw);

/** Reads an answer through the proxy to its end. @returns its length, its digest and the proxy's peak memory */
async function readThrough(spec: RequestSpec) {
  const { answer } = await begin(guardrail.proxyUrl, spec);
  const digest = createHash('sha256');
  let bytes = 0;
  let highest = 0;
  let measured = 0;
  for await (const chunk of answer) {
    digest.update(chunk);
    bytes += chunk.length;
    if (bytes - measured < 8 * MIB) continue;
    measured = bytes;
    highest = Math.max(highest, await guardrail.held());
  }
  return { bytes, digest: digest.digest('hex'), highest, complete: answer.complete };
}

describe.each([
  ['a read of results', (_n: string): RequestSpec => ({ method: 'GET', target: `${HERE}/queries/j` })],
  ['a jobs.query', (n: string): RequestSpec => query({ query: `SELECT '${n}'` })],
])('%s', (_door, ask) => {
  test.each([
    ['plain', plain],
    ['in gzip', gzipped],
  ])(
    'of 96 MiB, %s, is passed on byte for byte in memory that does not grow with it',
    async (how, answer) => {
      upstream.answer(beside(answer(16 * MIB)));
      await readThrough(ask(`${how} to warm up`));
      const before = await guardrail.held();
      upstream.answer(beside(answer(BODY_BYTES)));

      const read = await readThrough(ask(how));

      expect(read.complete).toBe(true);
      expect(read.bytes).toBeGreaterThan(BODY_BYTES * 0.7);
      expect(read.digest).toBe(written.digest('hex'));
      expect(read.highest - before).toBeLessThan(MAX_GROWTH_BYTES);
    },
    120_000,
  );
});
