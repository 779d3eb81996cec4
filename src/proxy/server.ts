import type { Server } from 'node:http';
import express, { type Express, type Request, type Response } from 'express';
import { credentialOf } from '../caller/credential.ts';
import type { Transport } from '../transport/transport.ts';
import { answerError } from './answer-error.ts';
import { answerBatch } from './batch/batch.ts';
import { createGuard, type Guard } from './guard.ts';
import { runOtherJob } from './other-job.ts';
import { type BodyTurn, createBodyPace, readInTurn } from './request/body-pace.ts';
import { withinBodyTimeout } from './request/body-timeout.ts';
import type { JsonObject } from './request/exact-json.ts';
import { readJobRequest } from './request/job/query-job.ts';
import { hasCredentialParameter, refuseFieldParameters } from './request/parameters.ts';
import { dropOverrides, type Route, routeOf } from './request/route.ts';
import { readUpload, toJsonDoor } from './request/upload.ts';
import type { Stages } from './stages.ts';
import { askerOf } from './steps/identify.ts';
import { whoseTurn } from './steps/whose-turn.ts';
import { BadRequest } from './stop.ts';
import { relay } from './upstream/relay.ts';

/** How often, at least, slow request heads are looked for. */
const LOOK_EVERY_MS = 5_000;

export interface ProxyOptions {
  readonly maxConnections: number;
  /** Time for the head of a request to arrive. */
  readonly headTimeoutMs: number;
  /** Time for a body that the guard reads to arrive. */
  readonly bodyTimeoutMs: number;
  readonly maxQueryBodyBytes: number;
  /** Let through methods that the API does not have. */
  readonly passUnknownMethods: boolean;
}

export interface ProxyServer {
  /** The HTTP server; it does not listen yet. */
  readonly server: Server;
  /**
   * Resolves once every query that came in is settled as far as its answer allows, which is some time after the answer.
   */
  drained(): Promise<void>;
}

type MethodRoute = Extract<Route, { readonly kind: 'method' }>;
type Handle = (request: Request, response: Response) => Promise<void>;

/** What is needed to handle requests. */
interface HandlerParts {
  readonly guard: Guard;
  readonly stages: Stages;
  readonly options: ProxyOptions;
  readonly bodyTurn: BodyTurn;
}

/** The proxy, which does not listen yet. */
export function createProxy(stages: Stages, options: ProxyOptions, transport: Transport): ProxyServer {
  const underWay = new Set<Promise<void>>();
  const server = transport(createProxyApp(stages, options, underWay), {
    headersTimeout: options.headTimeoutMs,
    // Media of an upload may take hours. What the guard reads itself has its own time limit.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, options.headTimeoutMs),
  });
  server.maxConnections = options.maxConnections;
  return {
    server,
    async drained() {
      await Promise.all(underWay);
    },
  };
}

function createProxyApp(stages: Stages, options: ProxyOptions, underWay: Set<Promise<void>>): Express {
  const pace = createBodyPace();
  const parts: HandlerParts = {
    guard: createGuard(stages),
    stages,
    options,
    bodyTurn: ({ headers }, bytes) =>
      pace.turn(bytes, () => {
        const { key } = credentialOf(headers.authorization);
        return whoseTurn({ credentialKey: key }, stages.estimates);
      }),
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const route = routeOf(request.method, request.url, request.headers, options.passUnknownMethods);
    if (route.kind === 'refused') throw new BadRequest('notImplemented', `guardrail: ${route.why}.`, 501);
    const handled = handlerOf(route, parts)(request, response)
      .catch(next)
      .finally(() => underWay.delete(handled));
    underWay.add(handled);
  });
  app.use(answerError(stages, options.maxQueryBodyBytes));
  return app;
}

function handlerOf(route: Exclude<Route, { readonly kind: 'refused' }>, parts: HandlerParts): Handle {
  const { stages, options, bodyTurn } = parts;
  if (route.kind === 'batch') {
    return (request, response) => answerBatch(request, response, { ...options, bodyTurn });
  }
  if (route.kind === 'other') return (request, response) => passOn(request, response, stages);
  return async (request, response) => {
    follow(route, request);
    if (route.method.class === 'guarded') return answerGuarded(route, parts, request, response);
    if (route.method.class === 'settled')
      response.once('close', () => lookAtJob(route.names, request, response, stages));
    await passOn(request, response, stages);
  };
}

/**
 * Has a job looked at that a client has asked about, if the answer says anything of it: not if the client hung up before
 * there was one, if the warehouse does not know the client, is asked too often, or is in trouble.
 */
function lookAtJob(
  names: readonly string[],
  request: Request,
  { statusCode, headersSent }: Response,
  { jobs }: Pick<Stages, 'jobs'>,
): void {
  if (!headersSent || statusCode === 401 || statusCode === 429 || statusCode >= 500) return;
  const isInHeader = request.headers.authorization !== undefined && !hasCredentialParameter(request.url);
  jobs.nudge(names, statusCode === 200 && isInHeader ? askerOf(request) : null);
}

/** Passes a request through unchanged. If its client hangs up, it is over, and nothing failed. */
function passOn(request: Request, response: Response, { upstream }: Pick<Stages, 'upstream'>): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', resolve);
    upstream.pass(request, response, reject);
  });
}

/** Sends what was judged: the path in its one form, and the HTTP method that an override asked for. */
function follow(route: MethodRoute, request: Request): void {
  if (request.method !== 'HEAD') request.method = route.httpMethod;
  dropOverrides(request.headers);
  request.url = route.path;
  request.originalUrl = route.path;
}

async function answerGuarded(
  route: MethodRoute,
  parts: HandlerParts,
  request: Request,
  response: Response,
): Promise<void> {
  const { guard, stages, options, bodyTurn } = parts;
  refuseFieldParameters(request.url);
  const read = () => withinBodyTimeout(readBody(request, response, options), response, options);
  const method = route.method.id === 'jobs.query' ? 'jobs.query' : 'jobs.insert';
  const upload =
    route.door === 'upload' ? await withinBodyTimeout(readUpload(request, options), response, options) : null;
  if (upload !== null) await bodyTurn(request, upload.configuration.length);
  const bytes = upload?.configuration ?? (await readInTurn(request, read, { ...options, bodyTurn }));
  const jobRequest = readJobRequest(method, route.names[0] ?? '', bytes);
  // Media make no sense with a query, so it is sent as the plain job that it is.
  if (route.door === 'upload' && jobRequest.kind !== 'other job') toJsonDoor(request);
  switch (jobRequest.kind) {
    case 'query':
      return guard(jobRequest.job, { request, response });
    case 'other job':
      return runOtherJob(jobRequest.job, { request, response, media: upload }, stages);
    default:
      return forwardDryRun(jobRequest.body, stages, request, response);
  }
}

/** The client's own dry run: what was read is what is sent. */
async function forwardDryRun(
  body: JsonObject,
  stages: Stages,
  request: Request,
  response: Response,
): Promise<void> {
  const head = await stages.upstream.send(request, response, Buffer.from(JSON.stringify(body)));
  await relay({ head, body: head }, response, {});
}

function readBody(
  request: Request,
  response: Response,
  { maxQueryBodyBytes }: ProxyOptions,
): Promise<Uint8Array> {
  const parse = express.raw({ type: () => true, limit: maxQueryBodyBytes, inflate: true });
  return new Promise((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      const body: unknown = request.body;
      if (error !== undefined) reject(error);
      else resolve(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    });
  });
}
