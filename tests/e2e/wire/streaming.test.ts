import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../guardrail.ts';
import { begin, exchange, type RequestSpec } from './exchange.ts';
import { useOddHouse } from './odd-house.ts';
import { HERE, query } from './requests.ts';

const house = useOddHouse();

let sent = 0;
beforeEach(() => {
  sent += 1;
});

const DOORS: readonly (readonly [string, () => RequestSpec])[] = [
  ['a read', () => ({ method: 'GET', target: `${HERE}/queries/job_1` })],
  ['a jobs.query', () => query({ query: `SELECT ${sent}` })],
];

/**
 * Sends a request, and resolves once it is at the warehouse, where the test itself writes the answer. Guardrail's own
 * requests, such as those looking for lost jobs, are answered with an empty object.
 */
async function askByHand(spec: RequestSpec) {
  const { promise: here, resolve } = Promise.withResolvers<ServerResponse>();
  house.upstream().answer((response, { method, target }) => {
    if (method === spec.method && target === spec.target) resolve(response);
    else response.end('{}');
  });
  const leaving = new AbortController();
  const head = begin(house.guardrail().proxyUrl, { ...spec, signal: leaving.signal });
  head.then(
    ({ answer }) => answer.once('error', () => undefined),
    () => undefined,
  );
  return { response: await here, head, abort: () => leaving.abort() };
}

describe.each(DOORS)('the answer to %s', (_door, ask) => {
  test('arrives piece by piece, each before the warehouse writes the next', async () => {
    const { response, head } = await askByHand(ask());
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('0');
    const { answer } = await head;

    const received = [String((await once(answer, 'data'))[0])];
    for (const piece of ['1', 'ç', '🧾', '\n', 'x'.repeat(5000)]) {
      const next = once(answer, 'data');
      response.write(piece);
      received.push(String((await next)[0]));
    }
    const ended = once(answer, 'end');
    response.end();
    await ended;

    expect(received).toEqual(['0', '1', 'ç', '🧾', '\n', 'x'.repeat(5000)]);
  });

  test('in gzip arrives piece by piece too', async () => {
    const { response, head } = await askByHand(ask());
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.write(Buffer.from([0x1f, 0x8b, 8]));
    const { answer } = await head;

    const [first] = await once(answer, 'data');
    const next = once(answer, 'data');
    response.write(Buffer.from([0]));
    const [second] = await next;
    response.destroy();

    expect([...first, ...second]).toEqual([0x1f, 0x8b, 8, 0]);
  });

  test.each([
    ['in chunks', {}],
    ['of a known length', { 'content-length': '1000' }],
    ['in gzip', { 'content-encoding': 'gzip' }],
  ])('breaks off at the client when the warehouse’s breaks off: %s', async (_how, headers) => {
    house.upstream().answer((response) => {
      response.writeHead(200, headers);
      response.write('{"rows": [', () => response.socket?.resetAndDestroy());
    });

    const answered = await exchange(house.guardrail().proxyUrl, ask());

    expect(answered).toMatchObject({ status: 200, complete: false });
  });

  test('is cancelled at the warehouse once the client has gone', async () => {
    const { response, head, abort } = await askByHand(ask());
    const closed = once(response, 'close');
    response.writeHead(200).write('{"rows": [');
    await head;

    abort();
    await closed;

    expect(response.writableFinished).toBe(false);
  });

  test('is not requested again when the client leaves before it begins, and others are still answered', async () => {
    const before = house.upstream().reached.length;
    const spec = ask();
    const { response, head, abort } = await askByHand(spec);
    const closed = once(response, 'close');

    abort();
    await expect(head).rejects.toThrow('abort');
    await closed;

    house.upstream().answer((next) => void next.end('{}'));
    const other = await exchange(house.guardrail().proxyUrl, { method: 'GET', target: `${HERE}/datasets` });
    const sent = house.upstream().reached.slice(before);
    expect(other.status).toBe(200);
    expect(
      sent.filter(({ method, target }) => method === spec.method && target === spec.target),
    ).toHaveLength(1);
  });

  test('is held back while the client does not read, and complete once it does', async () => {
    const piece = Buffer.alloc(1 << 20, 'x');
    const most = 100;
    const { response, head } = await askByHand(ask());
    response.writeHead(200, { 'content-type': 'application/json' });
    let taken = 0;
    const wrote = (async () => {
      for (; taken < most && !response.destroyed; taken += 1) {
        if (!response.write(piece)) await once(response, 'drain');
      }
      response.end();
    })();
    const { answer } = await head;

    // Until nothing moves any more: the sockets and streams in between hold a few MiB at most.
    await stands(() => taken);
    const heldBack = taken;
    let received = 0;
    answer.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await Promise.all([once(answer, 'end'), wrote]);

    expect(heldBack).toBeLessThan(40);
    expect(received).toBe(most * piece.length);
  });
});

/** Resolves once a figure has stopped changing for half a second. */
async function stands(figure: () => number): Promise<void> {
  let before = -1;
  await eventually(async () => {
    const seen = before;
    before = figure();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([seen, figure()]).toEqual([before, before]);
  }, 30_000);
}

test('a client that leaves in the middle of a result leaves no reservation once its job has ended', async () => {
  const { response, head, abort } = await askByHand(query({ query: 'SELECT "left in the middle"' }));
  house.upstream().answer((next) => {
    next.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        jobReference: { projectId: 'p', jobId: 'job_left', location: 'US' },
        status: { state: 'DONE' },
        statistics: { totalBytesProcessed: '77', query: { totalBytesBilled: '20971520' } },
      }),
    );
  });
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .write('{"jobReference": {"projectId": "p", "jobId": "job_left", "location": "US"}, "rows": [');
  const { answer } = await head;
  await once(answer, 'data');
  abort();

  const id = answer.headers['x-guardrail-decision-id'];
  await eventually(async () => {
    expect((await house.ops(`/api/v1/decisions/${id}`)).settlement).toMatchObject({
      source: 'job',
      bytesBilled: '20971520',
    });
  });
  // Guardrail may still be looking for jobs of earlier tests.
  expect(house.upstream().reached.map(({ target }) => target)).toContainEqual(
    expect.stringMatching(/\/jobs\/job_left\?.*location=US/),
  );
});
