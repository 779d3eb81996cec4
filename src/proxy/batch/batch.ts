import { createServer } from 'node:http';
import type { Request, Response } from 'express';
import { whenGone } from '../exchange.ts';
import { type BodyTurn, readInTurn } from '../request/body-pace.ts';
import { withinBodyTimeout } from '../request/body-timeout.ts';
import { boundaryOf } from '../request/multipart.ts';
import { BadRequest } from '../stop.ts';
import { answerOf, TOO_LARGE } from './batch-answers.ts';
import { requestsIn } from './batch-requests.ts';

/** Answers are collected before the whole is sent, so their total size is limited. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Answers a batch. Each part is handled, and so judged, like a separate request. The parts run one after the other, so
 * that a budget that runs out in the middle refuses the later ones; answers are in the order of the parts.
 * @see https://cloud.google.com/bigquery/docs/batch
 * @throws BadRequest if the batch or a part of it cannot be read; nothing has run then
 */
export async function answerBatch(
  request: Request,
  response: Response,
  options: {
    readonly maxQueryBodyBytes: number;
    readonly bodyTimeoutMs: number;
    readonly bodyTurn: BodyTurn;
  },
): Promise<void> {
  const requestBoundary = boundaryOfBatch(request);
  const read = () => withinBodyTimeout(bounded(request, options.maxQueryBodyBytes), response, options);
  const body = await readInTurn(request, read, options);
  const requests = requestsIn(body, requestBoundary, options.maxQueryBodyBytes);
  const server = createServer(request.app);
  const gone = whenGone(response);
  const boundary = `batch_${crypto.randomUUID()}`;
  const parts: Buffer[] = [];
  let size = 0;
  for (const inner of requests) {
    const answer = size > MAX_ANSWER_BYTES ? TOO_LARGE : await answerOf(inner, { request, gone }, server);
    // The client is gone: nobody would read the other answers, and running them may cost.
    if (answer === null) return;
    const part = Buffer.concat([Buffer.from(`--${boundary}\r\n${partHead(inner.id)}`), answer, CRLF]);
    size += part.length;
    parts.push(part);
  }
  response
    .status(200)
    .set('content-type', `multipart/mixed; boundary=${boundary}`)
    .end(Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]));
}

const CRLF = Buffer.from('\r\n');

function partHead(id: string | null): string {
  const named = id === null ? '' : `Content-ID: <response-${id}>\r\n`;
  return `Content-Type: application/http\r\n${named}\r\n`;
}

/** @throws BadRequest if the request is not an acceptable batch */
function boundaryOfBatch(request: Request): string {
  const boundary = boundaryOf(request.headers['content-type'], 'multipart/mixed');
  if (boundary === null || request.method !== 'POST') {
    throw new BadRequest('invalid', 'A batch must be a POST of multipart/mixed with a boundary.');
  }
  if (request.headers['content-encoding'] !== undefined) {
    throw new BadRequest('invalid', 'A batch with a content encoding is not accepted.', 415);
  }
  return boundary;
}

async function bounded(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > maxBytes) {
      throw new BadRequest(
        'uploadTooLarge',
        `The batch is larger than ${maxBytes} bytes (setting max_query_body).`,
        413,
      );
    }
  }
  return Buffer.concat(chunks);
}
