import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { observeOutcome } from '../../../src/proxy/answer/observe.ts';
import type { JobOutcome } from '../../../src/proxy/jobs/job-outcome.ts';
import { littleServer } from '../../little-server.ts';

const FIRST = '{"jobReference":{"jobId":"job_1","location":"US"},';
const BODY = `${FIRST}"rows":[{"f":[{"v":"não é {\\"totalBytesBilled\\": 1}"}]}],"totalBytesBilled":"10485760","jobComplete":true}`;
const SEEN = { jobId: 'job_1', location: 'US', done: true, bytesBilled: 10485760n };

/** The answer of a real HTTP server that sends it this way. */
async function answerOf(send: (response: ServerResponse) => void): Promise<IncomingMessage> {
  const server = await littleServer(send);
  return new Promise((resolve, reject) => {
    get(server.url, resolve).once('error', reject);
  });
}

/** The observed outcome, and what the reader of the same answer gets: null if the answer broke off. */
async function observed(
  send: (response: ServerResponse) => void,
): Promise<{ outcome: JobOutcome; read: Buffer | null }> {
  const answer = await answerOf(send);
  const outcome = observeOutcome(answer);
  const read = await buffer(answer).catch(() => null);
  return { outcome: await outcome, read };
}

/** Sends a body byte by byte, each as a chunk of its own. */
function inBytes(response: ServerResponse, body: Buffer): void {
  for (const byte of body) response.write(Buffer.of(byte));
  response.end();
}

describe('an observed answer', () => {
  test('yields its outcome, and reaches its reader byte for byte', async () => {
    const { outcome, read } = await observed((response) => response.end(BODY));

    expect(outcome).toMatchObject(SEEN);
    expect(read?.toString()).toBe(BODY);
  });

  test('yields the same outcome when it arrives byte by byte', async () => {
    const { outcome, read } = await observed((response) => inBytes(response, Buffer.from(BODY)));

    expect(outcome).toMatchObject(SEEN);
    expect(read?.toString()).toBe(BODY);
  });

  describe.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('in %s', (encoding, compressed) => {
    const body = compressed(BODY);

    test('yields the same outcome, and is passed on as it is', async () => {
      const { outcome, read } = await observed((response) => {
        response.setHeader('content-encoding', encoding).end(body);
      });

      expect(outcome).toMatchObject(SEEN);
      expect(read?.equals(body)).toBe(true);
    });

    test('yields the same outcome when it arrives byte by byte', async () => {
      const { outcome, read } = await observed((response) => {
        response.setHeader('content-encoding', encoding);
        inBytes(response, body);
      });

      expect(outcome).toMatchObject(SEEN);
      expect(read?.equals(body)).toBe(true);
    });

    test('yields nothing, and is passed on as it is, if it is not in that encoding after all', async () => {
      const { outcome, read } = await observed((response) => {
        response.setHeader('content-encoding', encoding).end(BODY);
      });

      expect(outcome).toMatchObject({ jobId: null, done: false, bytesBilled: null });
      expect(read?.toString()).toBe(BODY);
    });
  });

  test.each([
    ['yields the same outcome', 23, SEEN],
    ['yields nothing, as that would take more memory than HTTP allows,', 24, { jobId: null, done: false }],
  ])(
    'in zstd %s with a window of two to the %i bytes, and is passed on as it is',
    async (_what, windowLog, seen) => {
      // A stream, since a text compressed as a whole has a window of its own length.
      const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: windowLog } });
      stream.end(BODY);
      const body = await buffer(stream);

      const { outcome, read } = await observed((response) => {
        response.setHeader('content-encoding', 'zstd').end(body);
      });

      expect(outcome).toMatchObject(seen);
      expect(read?.equals(body)).toBe(true);
    },
  );

  test('yields the same outcome when it is compressed and its reader overwrites each chunk after use', async () => {
    const body = `${FIRST}"noise":"${randomBytes(1 << 20).toString('base64')}","totalBytesBilled":"10485760","jobComplete":true}`;
    const answer = await answerOf((response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(body));
    });
    const outcome = observeOutcome(answer);
    answer.on('data', (chunk: Buffer) => void chunk.fill(0));

    expect(await outcome).toMatchObject(SEEN);
  });

  test('yields its outcome only once it has ended', async () => {
    const answer = await answerOf((response) => {
      response.write(BODY.slice(0, -1));
      setTimeout(() => response.end('}'), 100);
    });
    let isKnown = false;
    const outcome = observeOutcome(answer).then((one) => {
      isKnown = true;
      return one;
    });
    answer.resume();

    await sleep(20);
    expect(isKnown).toBe(false);
    expect(await outcome).toMatchObject(SEEN);
  });

  test('with many rows yields the fields before and after the rows, plain and compressed', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ f: [{ v: `row ${i}`, totalBytesBilled: i }] }));
    const body = `${FIRST}"rows":${JSON.stringify(rows)},"totalBytesBilled":"10485760","jobComplete":true}`;

    const plain = await observed((response) => response.end(body));
    const zipped = await observed((response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(body));
    });

    expect(plain.outcome).toMatchObject(SEEN);
    expect(plain.read?.length).toBe(Buffer.byteLength(body));
    expect(zipped.outcome).toEqual(plain.outcome);
  });
});

describe('an answer that breaks off', () => {
  test('yields the fields that had arrived', async () => {
    const { outcome, read } = await observed((response) => {
      response.write(BODY.slice(0, FIRST.length + 20), () => response.destroy());
    });

    expect(read).toBeNull();
    expect(outcome).toMatchObject({ jobId: 'job_1', location: 'US', done: false, bytesBilled: null });
  });

  test('yields the fields that had arrived, if it is compressed', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => String(i * 7919));
    const zipped = gzipSync(`${FIRST}"rows":${JSON.stringify(rows)},"jobComplete":true}`);

    const { outcome, read } = await observed((response) => {
      response.setHeader('content-encoding', 'gzip');
      response.write(zipped.subarray(0, zipped.length / 2), () => response.destroy());
    });

    expect(read).toBeNull();
    expect(outcome).toMatchObject({ jobId: 'job_1', location: 'US', done: false });
  });

  test('yields no fields if none of its body arrived', async () => {
    const { outcome } = await observed((response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.flushHeaders();
      setTimeout(() => response.destroy(), 20);
    });

    expect(outcome).toMatchObject({ jobId: null, done: false, bytesBilled: null });
  });

  test('yields no fields if it claims to be gzip but is not, and is passed on unchanged', async () => {
    const { outcome, read } = await observed((response) => {
      response.setHeader('content-encoding', 'gzip').end(BODY);
    });

    expect(outcome).toMatchObject({ jobId: null, done: false });
    expect(read?.toString()).toBe(BODY);
  });

  test('yields the fields that had arrived when its reader destroys it', async () => {
    const answer = await answerOf((response) => response.write(BODY.slice(0, FIRST.length + 20)));
    const outcome = observeOutcome(answer);
    answer.once('data', () => answer.destroy());

    expect(await outcome).toMatchObject({ jobId: 'job_1', done: false });
  });

  test.each([
    ['plain', undefined, (text: string) => Buffer.from(text)],
    ['in gzip', 'gzip', gzipSync],
    ['in zstd', 'zstd', zstdCompressSync],
  ])('is observed for its first 32 MiB, and is passed on whole: %s', async (_how, encoding, written) => {
    const answerWith = (bytes: number) =>
      written(`${FIRST}"rows":["${'x'.repeat(bytes)}"],"jobComplete":true}`);
    const within = answerWith((32 << 20) - 1024);
    const beyond = answerWith((32 << 20) + 64 * 1024);
    const sent = (body: Buffer) =>
      observed((response) => {
        if (encoding !== undefined) response.setHeader('content-encoding', encoding);
        response.end(body);
      });

    const whole = await sent(within);
    const cut = await sent(beyond);

    expect(whole.outcome).toMatchObject({ jobId: 'job_1', done: true });
    expect(cut.outcome).toMatchObject({ jobId: 'job_1', done: false });
    expect(cut.read?.equals(beyond)).toBe(true);
  });
});
