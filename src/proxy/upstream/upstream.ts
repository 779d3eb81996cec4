import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import {
  createProxyMiddleware,
  debugProxyErrorsPlugin,
  type Plugin,
  proxyEventsPlugin,
} from 'http-proxy-middleware';
import { freeOnceParsed, freeOnceSent } from './chunk-memory.ts';
import type { ClockWatch } from './clock.ts';
import { HOP_BY_HOP, handTrailersOn } from './relay.ts';
import { createFailures, type Failures } from './upstream-failures.ts';

export interface Upstream {
  /** Sends the client's request on unchanged and streams the answer back. */
  readonly pass: RequestHandler;
  /**
   * Sends the client's request on with another body, and passes the answer on before any of it is relayed.
   * @param body a stream if it is not all here yet; the request's headers must already match it
   * @throws UpstreamUnreachable if there is no answer
   */
  send(request: Request, response: Response, body: Buffer | Readable): Promise<IncomingMessage>;
  close(): void;
}

/** A request that has been read, and whoever waits for its answer. */
interface Sending {
  readonly body: Readable;
  readonly answered: (answer: IncomingMessage) => void;
}

/**
 * The library's own, without the one that composes a line of log for each answer, which nobody keeps. Their types know
 * only Node's messages, of which Express's are special cases.
 */
const PLUGINS = [debugProxyErrorsPlugin, proxyEventsPlugin] as unknown as Plugin<Request, Response>[];

/**
 * What the library leaves on a response for each sending, until it ends. A query may be sent three times, and Node would tell
 * operators of a possible memory leak.
 */
const LISTENERS_PER_SENDING = 4;

/** How requests get to the warehouse, whether passed on or sent with another body. */
interface Way {
  readonly upstream: string;
  readonly agent: HttpAgent;
  readonly failures: Failures;
  readonly clock: Pick<ClockWatch, 'look'>;
}

/**
 * The way to the warehouse: connections are kept alive, nothing is buffered, no header is added.
 * @param upstream origin, such as `https://bigquery.googleapis.com`
 * @param clock learns when answers come
 */
export function createUpstream(upstream: string, clock: Pick<ClockWatch, 'look'>): Upstream {
  const overTls = upstream.startsWith('https:');
  const Agent = overTls ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const way = { upstream, agent, failures: createFailures({ overTls }), clock };
  return { pass: createPass(way), send: createSend(way), close: () => agent.destroy() };
}

function createPass(way: Way): Upstream['pass'] {
  const { failures, clock } = way;
  const pass = createProxyMiddleware<Request, Response>({
    ...optionsFor(way),
    on: {
      ...failures.on,
      proxyRes: (answer, _request, response) => {
        clock.look(answer.headers.date);
        makeFitToSend(answer);
        freeOnceParsed(answer);
        freeOnceSent(response);
        handTrailersOn(answer, response);
      },
    },
  });
  return (request, response, next) => {
    failures.tell(request, next);
    dropConnectionHeaders(request.headers);
    void pass(request, response, (cause) => failures.on.error(cause, request));
  };
}

function createSend(way: Way): Upstream['send'] {
  const { upstream, failures, clock } = way;
  const underWay = new WeakMap<IncomingMessage, Sending>();
  const send = createProxyMiddleware<Request, Response>({
    ...optionsFor(way),
    selfHandleResponse: true,
    // The options are made for each request, and `buffer` is how a body that was read is sent again.
    router: (request, _response, options) => {
      const sending = underWay.get(request);
      if (sending !== undefined) options.buffer = sending.body;
      return upstream;
    },
    on: {
      ...failures.on,
      proxyRes: (answer, request) => {
        clock.look(answer.headers.date);
        makeFitToSend(answer);
        freeOnceParsed(answer);
        underWay.get(request)?.answered(answer);
      },
    },
  });
  return (request, response, body) =>
    new Promise((resolve, reject) => {
      const stream = body instanceof Readable ? body : streamOf(body);
      underWay.set(request, { body: stream, answered: resolve });
      if (Buffer.isBuffer(body)) describeBody(request, body);
      failures.tell(request, reject);
      dropConnectionHeaders(request.headers);
      response.setMaxListeners(response.getMaxListeners() + LISTENERS_PER_SENDING);
      // If a connection breaks, the library would take a body that was read for a mistake, and say so on the console.
      request.body = undefined;
      void send(request, response, (cause) => failures.on.error(cause, request));
    });
}

function optionsFor({ upstream, agent }: Way) {
  return {
    target: upstream,
    changeOrigin: true,
    agent,
    xfwd: false,
    ejectPlugins: true,
    plugins: PLUGINS,
  };
}

/** `Readable.from` would take several turns of an iterator for what is here already. */
function streamOf(body: Buffer): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(body);
  stream.push(null);
  return stream;
}

/**
 * Removes from a request what belongs to the client's connection and not to the warehouse's: announced trailers on a body
 * that cannot have any would throw where nobody catches it, and end the process. A body is framed again as it came; what
 * the client says of its connection stays for its answer, and `failures` says what the warehouse is told.
 */
function dropConnectionHeaders(headers: IncomingHttpHeaders): void {
  for (const name of HOP_BY_HOP) {
    if (name !== 'transfer-encoding' && name !== 'connection') delete headers[name];
  }
  // The client has been told to continue. With it, the library would not say that the request is on its way.
  delete headers.expect;
}

/**
 * Removes from an answer what belongs to the warehouse's connection and not to the client's. Anything that this server
 * could not write again would throw where nobody catches it, and end the process: an invalid status or status text, and
 * trailers that are announced where there can be none.
 */
function makeFitToSend(answer: IncomingMessage): void {
  for (const name of HOP_BY_HOP) {
    if (name !== 'transfer-encoding') delete answer.headers[name];
  }
  if ((answer.statusCode ?? 0) < 200) answer.statusCode = 502;
  if (/[^\t\x20-\x7e\x80-\xff]/.test(answer.statusMessage ?? '')) answer.statusMessage = '';
}

const JSON_IN_UTF8 = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Makes the request's headers match the body that is sent in place of the client's, which is JSON in UTF-8: Google's
 * servers accept other formats too, and might read the same bytes differently from how they were judged.
 */
function describeBody(request: Request, body: Buffer): void {
  if (!JSON_IN_UTF8.test(request.headers['content-type'] ?? '')) {
    request.headers['content-type'] = 'application/json; charset=UTF-8';
  }
  request.headers['content-length'] = String(body.length);
  delete request.headers['content-encoding'];
  delete request.headers['transfer-encoding'];
}
