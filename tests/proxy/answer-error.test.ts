import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { answerError } from '../../src/proxy/answer-error.ts';

/** A server whose handler fails, and what its log and metrics report once the failure has been handled. */
async function failing(handle: RequestHandler) {
  const lines = new PassThrough();
  const metrics = createMetrics();
  const answer = answerError({ log: pino(lines), metrics }, 1_000);
  const answered = Promise.withResolvers<void>();
  const app = express();
  app.use(handle);
  app.use(((error, request, response, next) => {
    answer(error, request, response, next);
    answered.resolve();
  }) satisfies ErrorRequestHandler);
  const server = createServer(app);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async reported() {
      await answered.promise;
      lines.end();
      const { values } = await metrics.upstreamErrors.get();
      return { log: String(await buffer(lines)), errors: values };
    },
  };
}

test('an internal error is answered with 500, logged and counted', async () => {
  const { port, reported } = await failing(() => {
    throw new Error('a fault');
  });

  const { status } = await fetch(`http://127.0.0.1:${port}/`);

  const { log, errors } = await reported();
  expect(status).toBe(500);
  expect(log).toContain('a request failed');
  expect(errors).toMatchObject([{ value: 1, labels: { stage: 'internal' } }]);
});

test('a client that hangs up while sending its request is neither logged nor counted as an error', async () => {
  const beginning = Promise.withResolvers<void>();
  const { port, reported } = await failing(async (request) => {
    beginning.resolve();
    await buffer(request);
  });

  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nthe beginning');
  await beginning.promise;
  socket.destroy();

  expect(await reported()).toEqual({ log: '', errors: [] });
});
