import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

export interface Upstream {
  /** Sends the client's request on as it is and streams the answer back. */
  readonly pass: RequestHandler;
  /**
   * Sends the client's request on with another body, and hands the answer over before any of it is relayed.
   * @param body a stream where it is not all here yet; the request's headers must be true of it already
   * @throws UpstreamUnreachable where there is no answer
   */
  send(request: Request, response: Response, body: Buffer | Readable): Promise<IncomingMessage>;
  close(): void;
}

/** Errors before any byte of the request can have arrived. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The warehouse gave no answer at all. */
export class UpstreamUnreachable extends Error {
  /** True where the request cannot have arrived, so that nothing can have run. */
  readonly neverSent: boolean;

  constructor(cause: unknown) {
    super('The warehouse could not be reached', { cause });
    this.name = 'UpstreamUnreachable';
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    this.neverSent = NEVER_SENT.has(code);
  }
}

/** A request that is read already, and whoever waits for its answer. */
interface Exchange {
  readonly body: Readable;
  readonly answered: (answer: IncomingMessage) => void;
}

/**
 * The way to the warehouse: connections are kept, nothing is buffered, no header is added.
 * @param upstream origin, such as `https://bigquery.googleapis.com`
 */
export function createUpstream(upstream: string): Upstream {
  const Agent = upstream.startsWith('https:') ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const failures = new WeakMap<IncomingMessage, (error: UpstreamUnreachable) => void>();
  const common = { target: upstream, changeOrigin: true, agent, xfwd: false } as const;

  // The library tells some errors by this event and some by `next`, and some by both.
  const error = (cause: unknown, request: IncomingMessage) => {
    failures.get(request)?.(new UpstreamUnreachable(cause));
    failures.delete(request);
  };
  const on = {
    error,
    // A client that hangs up ends its request to the warehouse too, which the library tells by this event alone.
    econnreset: error,
  };
  const pass = createProxyMiddleware<Request, Response>({ ...common, on });

  const send = createProxyMiddleware<Request, Response>({
    ...common,
    selfHandleResponse: true,
    // The per-request options are made anew for each request, and `buffer` is how a read body is sent again.
    router: (request, _response, options) => {
      const exchange = exchanges.get(request);
      if (exchange !== undefined) options.buffer = exchange.body;
      return upstream;
    },
    on: {
      proxyRes: (answer, request) => exchanges.get(request)?.answered(answer),
      ...on,
    },
  });

  return {
    pass: (request, response, next) => {
      failures.set(request, next);
      void pass(request, response, (cause) => error(cause, request));
    },
    send: (request, response, body) =>
      new Promise((resolve, reject) => {
        const stream = body instanceof Readable ? body : Readable.from([body], { objectMode: false });
        exchanges.set(request, { body: stream, answered: resolve });
        if (Buffer.isBuffer(body)) describeBody(request, body);
        failures.set(request, reject);
        void send(request, response, (cause) => error(cause, request));
      }),
    close: () => agent.destroy(),
  };
}

/** Makes the request's headers true of the body that is sent in place of the client's. */
function describeBody(request: Request, body: Buffer): void {
  request.headers['content-length'] = String(body.length);
  delete request.headers['content-encoding'];
  delete request.headers['transfer-encoding'];
  delete request.headers.expect;
}
