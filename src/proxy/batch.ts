import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parseMultipart } from '@remix-run/multipart-parser';
import type { Request, Response } from 'express';
import { errorMessage } from '../vocabulary/error-message.ts';
import { type BodyTurn, readInTurn } from './body-pace.ts';
import { inTime } from './in-time.ts';
import { boundaryOf } from './multipart.ts';
import { BadRequest } from './stop.ts';

/** Google takes this many calls in one batch. */
const MOST_PARTS = 1000;
/** Answers are gathered before the whole is sent, so what they may come to together is bounded. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/** A request within a batch. */
interface InnerRequest {
  readonly id: string | null;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Answers a batch: each part is a request of its own, sent to this very server, so that it is judged like any other.
 * One after the other, so that a budget that runs out in the middle refuses what comes behind; answers in order.
 * @see https://cloud.google.com/bigquery/docs/batch
 * @throws BadRequest where the batch or a part of it cannot be read; nothing of it has run then
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
  const asked = boundaryOfBatch(request);
  const read = () => inTime(bounded(request, options.maxQueryBodyBytes), response, options);
  const body = await readInTurn(request, read, options);
  const requests = requestsIn(body, asked, options.maxQueryBodyBytes);
  const boundary = `batch_${crypto.randomUUID()}`;
  const parts: Buffer[] = [];
  let size = 0;
  for (const inner of requests) {
    const answer = size > MOST_ANSWER_BYTES ? tooLarge() : await ask(inner, request);
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

/** @throws BadRequest where the request is no batch that is taken */
function boundaryOfBatch(request: Request): string {
  const boundary = boundaryOf(request.headers['content-type'], 'multipart/mixed');
  if (boundary === null || request.method !== 'POST') {
    throw new BadRequest('invalid', 'A batch is a POST of multipart/mixed with a boundary.');
  }
  if (request.headers['content-encoding'] !== undefined) {
    throw new BadRequest('invalid', 'A batch with a content encoding is not taken.', 415);
  }
  return boundary;
}

/** @throws BadRequest where a part cannot be read, or there is none */
function requestsIn(body: Buffer, boundary: string, maxBytes: number): readonly InnerRequest[] {
  const requests: InnerRequest[] = [];
  try {
    for (const part of parseMultipart(body, { boundary, maxParts: MOST_PARTS, maxFileSize: maxBytes })) {
      requests.push(innerRequest(Buffer.from(part.bytes), part.headers['content-id'] ?? null));
    }
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('invalid', `The batch cannot be read: ${errorMessage(error)}`);
  }
  if (requests.length === 0) throw new BadRequest('invalid', 'The batch holds no request.');
  return requests;
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

const REQUEST_LINE = /^([A-Z]+) (\/[!-~\x80-\xff]*)(?: HTTP\/1\.[01])?$/;
/** Each character of a line fits in one place alone: lines can be as long as a batch, and are read before any token. */
const HEADER_LINE = /^([!#$%&'*+.^_`|~\w-]+):([\t -~\x80-\xff]*)$/;

/** One part's content, `application/http`: a request line, headers, an empty line, a body. */
function innerRequest(bytes: Buffer, contentId: string | null): InnerRequest {
  const text = bytes.toString('latin1').trimStart();
  const headEnd = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, headEnd?.index ?? text.length).split(/\r?\n/);
  const line = REQUEST_LINE.exec(head[0]?.trim() ?? '');
  if (line === null)
    throw new BadRequest('invalid', 'A part of the batch does not begin with a request line.');
  if (/batch/i.test(line[2] ?? '')) throw new BadRequest('invalid', 'A batch holds no batches.');
  const body = headEnd === null ? '' : text.slice(headEnd.index + headEnd[0].length);
  return {
    id: /^<?([\w.+:@-]{1,100})>?$/.exec(contentId?.trim() ?? '')?.[1] ?? null,
    method: line[1] ?? '',
    path: line[2] ?? '',
    headers: innerHeaders(head.slice(1)),
    body: Buffer.from(body.replace(/\r?\n$/, ''), 'latin1'),
  };
}

function innerHeaders(lines: readonly string[]): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined) throw new BadRequest('invalid', 'A part of the batch has a header that is none.');
    headers[name.toLowerCase()] = value?.trim() ?? '';
  }
  return headers;
}

/** Headers of a part that say how it was framed, which it is not any more. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection', 'host', 'expect', 'upgrade'];

/** Sends a part to this server and writes its answer as a part. */
async function ask(inner: InnerRequest, outer: Request): Promise<Buffer> {
  const { localAddress, localPort } = outer.socket;
  const headers: IncomingHttpHeaders = { ...inheritedHeaders(outer.headers), ...inner.headers };
  for (const name of FRAMING) delete headers[name];
  const hasBody = inner.body.length > 0;
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: localAddress,
        port: localPort,
        method: inner.method,
        path: inner.path,
        headers: { ...headers, ...(hasBody ? { 'content-length': inner.body.length } : {}) },
      },
      (answer) => {
        const { statusCode, statusMessage, headers: told } = answer;
        const kept = Object.entries(told).filter(
          ([name]) => name === 'content-type' || name.startsWith('x-guardrail-'),
        );
        const lines = [
          `HTTP/1.1 ${statusCode} ${statusMessage}`,
          ...kept.map(([name, value]) => `${name}: ${value}`),
        ];
        buffer(answer).then(
          (body) =>
            resolve(
              Buffer.concat([
                Buffer.from(`${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`),
                body,
              ]),
            ),
          reject,
        );
      },
    );
    sent.once('error', reject);
    sent.end(inner.body);
  });
}

/** What a batch says for all of its parts, unless a part says otherwise. */
function inheritedHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization, 'user-agent': userAgent, 'x-goog-user-project': project } = headers;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
    ...(project === undefined ? {} : { 'x-goog-user-project': project }),
  };
}

function tooLarge(): Buffer {
  return Buffer.from('HTTP/1.1 507 Insufficient Storage\r\ncontent-length: 0\r\n\r\n');
}
