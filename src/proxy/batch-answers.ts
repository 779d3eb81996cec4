import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Request } from 'express';
import type { InnerRequest } from './batch-requests.ts';

/** What stands in for an answer where those of a batch are too large together. */
export const TOO_LARGE = Buffer.from('HTTP/1.1 507 Insufficient Storage\r\ncontent-length: 0\r\n\r\n');

/**
 * Sends a request of a batch to this very server.
 * @param outer the batch
 * @returns the content of a part: status line, headers, body
 */
export function answerOf(inner: InnerRequest, outer: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(callOf(inner, outer), (answer) => contentOf(answer).then(resolve, reject));
    sent.once('error', reject);
    sent.end(inner.body);
  });
}

/** Headers of a part that say how it was framed, which it is not any more. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection', 'host', 'expect', 'upgrade'];

function callOf({ method, path, headers: own, body }: InnerRequest, outer: Request): RequestOptions {
  const headers: IncomingHttpHeaders = { ...inheritedHeaders(outer.headers), ...own };
  for (const name of FRAMING) delete headers[name];
  return {
    host: outer.socket.localAddress,
    port: outer.socket.localPort,
    method,
    path,
    headers: { ...headers, ...(body.length > 0 ? { 'content-length': body.length } : {}) },
  };
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

async function contentOf(answer: IncomingMessage): Promise<Buffer> {
  const { statusCode, statusMessage, headers } = answer;
  const told = Object.entries(headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-guardrail-'),
  );
  const body = await buffer(answer);
  const head = [
    `HTTP/1.1 ${statusCode} ${statusMessage}`,
    ...told.map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
