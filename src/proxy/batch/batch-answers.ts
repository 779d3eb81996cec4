import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  type Server,
} from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Request } from 'express';
import { HOP_BY_HOP } from '../upstream/relay.ts';
import type { InnerRequest } from './batch-requests.ts';

/** Sent in place of an answer once the answers of a batch are too large in total. */
export const TOO_LARGE = Buffer.from('HTTP/1.1 507 Insufficient Storage\r\ncontent-length: 0\r\n\r\n');

/** Sent in place of an answer that broke off; the parts before it may have run, so the batch has their answers. */
const BROKEN_OFF = Buffer.from('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');

/** The batch that a request came in. */
interface Batch {
  readonly request: Request;
  /** Aborted when its client hangs up. */
  readonly gone: AbortSignal;
}

/**
 * Handles one request of a batch. If the batch's client hangs up, the request ends as if its own client had.
 * @param server handles requests as the batch's own server does; it need not listen
 * @returns the content of a part: status line, headers, body; null if the client is gone
 */
export async function answerOf(
  inner: InnerRequest,
  { request, gone }: Batch,
  server: Server,
): Promise<Buffer | null> {
  if (gone.aborted) return null;
  try {
    return await answered({ ...callOf(inner, request), signal: gone }, inner.body, server);
  } catch {
    // Whoever handled the request has logged why.
    return gone.aborted ? null : BROKEN_OFF;
  }
}

function answered(call: RequestOptions, body: Buffer, server: Server): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...call, createConnection: () => connectionTo(server) };
    const sent = httpRequest(options, (answer) => contentOf(answer).then(resolve, reject));
    sent.once('error', reject);
    sent.end(body);
  });
}

/**
 * An in-process connection to a server: it needs no client certificate, takes no connection from others, and works
 * while the process stops.
 */
function connectionTo(server: Server): Duplex {
  const [near, far] = duplexPair();
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  server.emit('connection', far);
  return near;
}

/**
 * Headers about how a part was framed on the wire, which does not apply inside a batch's answer. Nor does an encoding:
 * clients take a part's content as it is.
 */
const FRAMING = [...HOP_BY_HOP, 'content-length', 'host', 'expect', 'accept-encoding'];

function callOf({ method, path, headers: own, body }: InnerRequest, outer: Request): RequestOptions {
  const headers: IncomingHttpHeaders = { ...inheritedHeaders(outer.headers), ...own };
  for (const name of FRAMING) delete headers[name];
  return {
    method,
    path,
    headers: { ...headers, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
  };
}

/** Headers of the batch that apply to all of its parts, unless a part has its own. */
function inheritedHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization, 'user-agent': userAgent, 'x-goog-user-project': project } = headers;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
    ...(project === undefined ? {} : { 'x-goog-user-project': project }),
  };
}

async function contentOf(answer: IncomingMessage): Promise<Buffer> {
  const { statusCode, statusMessage, headers } = answer;
  const sent = Object.entries(headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-guardrail-'),
  );
  const body = await buffer(answer);
  const head = [
    `HTTP/1.1 ${statusCode} ${statusMessage}`,
    ...sent.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
