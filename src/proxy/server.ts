import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { type EnvelopeContent, envelope } from './envelope.ts';
import type { JsonObject } from './exact-json.ts';
import { createGuard, type Guard } from './guard.ts';
import { classify } from './methods.ts';
import { readJobRequest } from './query-job.ts';
import { relay } from './relay.ts';
import type { Stages } from './stages.ts';
import { BadRequest, Stop, type StopAnswer } from './stop.ts';
import { UpstreamUnreachable } from './upstream.ts';

/** Clients and load balancers keep idle connections for about a minute; closing earlier would race them. */
const KEEP_ALIVE_MS = 75_000;

/** Headers of the warehouse's dry-run answer that mean something to the client. */
const RELAYED_HEADERS = ['content-type', 'www-authenticate', 'vary'];

export interface ProxyServer {
  /** The HTTP server; it does not listen yet. */
  readonly server: Server;
  /** Resolves once every query that came in is settled, as far as its answer told: some time after the answer. */
  drained(): Promise<void>;
}

export function createProxy(stages: Stages, options: { readonly maxQueryBodyBytes: number }): ProxyServer {
  const underWay = new Set<Promise<void>>();
  const server = createServer(createProxyApp(stages, options, underWay));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return {
    server,
    async drained() {
      await Promise.all(underWay);
    },
  };
}

function createProxyApp(
  stages: Stages,
  options: { readonly maxQueryBodyBytes: number },
  underWay: Set<Promise<void>>,
): Express {
  const guard = createGuard(stages);
  const readBody = express.raw({ type: () => true, limit: options.maxQueryBodyBytes, inflate: true });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const found = classify(request.method, pathOf(request), request.headers);
    if (found.kind === 'refused') throw new BadRequest('notImplemented', `guardrail: ${found.why}.`, 501);
    if (found.kind === 'passed') {
      stages.upstream.pass(request, response, next);
      return;
    }
    readBody(request, response, (error?: unknown) => {
      if (error !== undefined) {
        next(error);
        return;
      }
      const answered = answerGuarded(found, guard, stages, request, response)
        .catch(next)
        .finally(() => underWay.delete(answered));
      underWay.add(answered);
    });
  });
  app.use(answerError(stages, options.maxQueryBodyBytes));
  return app;
}

async function answerGuarded(
  found: { readonly method: 'jobs.query' | 'jobs.insert'; readonly projectId: string },
  guard: Guard,
  stages: Stages,
  request: Request,
  response: Response,
): Promise<void> {
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const asked = readJobRequest(found.method, found.projectId, bytes);
  if (asked.kind === 'query') return guard(asked.job, { request, response });
  await forwardFree(asked.body, stages, request, response);
}

/** A dry run, or a job without SQL: what was read is what is sent. */
async function forwardFree(
  body: JsonObject,
  stages: Stages,
  request: Request,
  response: Response,
): Promise<void> {
  const head = await stages.upstream.send(request, response, Buffer.from(JSON.stringify(body)));
  await relay({ head, body: head }, response, {});
}

function pathOf(request: Request): string {
  const end = request.url.indexOf('?');
  return end === -1 ? request.url : request.url.slice(0, end);
}

function answerError(stages: Stages, maxQueryBodyBytes: number): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      stages.log.error({ err: error }, 'an answer broke off');
      response.destroy();
      return;
    }
    const stop = error instanceof Stop ? error : asBadRequest(error, maxQueryBodyBytes);
    if (stop === null) {
      stages.log.error({ err: error, method: request.method, path: pathOf(request) }, 'a request failed');
      stages.metrics.upstreamErrors.inc({
        stage: error instanceof UpstreamUnreachable ? 'forward' : 'internal',
      });
    }
    if (stop?.decision) response.setHeader('x-guardrail-decision-id', stop.decision.id);
    send(response, stop?.answer ?? { from: 'guardrail', content: ownFailure(error) });
  };
}

function send(response: Response, answer: StopAnswer): void {
  if (answer.from === 'guardrail') {
    response.status(answer.content.status).json(envelope(answer.content));
    return;
  }
  const { status, headers, body } = answer.answer;
  for (const name of RELAYED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) response.setHeader(name, value);
  }
  response.status(status).end(body);
}

/** What Express's body parser found wrong with a body, in BigQuery's terms; null for any other error. */
function asBadRequest(error: unknown, maxQueryBodyBytes: number): BadRequest | null {
  if (!(error instanceof Error) || !('type' in error)) return null;
  switch (error.type) {
    case 'entity.too.large':
      return new BadRequest(
        'uploadTooLarge',
        `The request's body is larger than ${maxQueryBodyBytes} bytes, the most that guardrail takes for a query (setting max_query_body).`,
        413,
      );
    case 'encoding.unsupported':
      return new BadRequest(
        'invalid',
        'The request has a content encoding other than gzip, deflate or br.',
        415,
      );
    case 'request.aborted':
    case 'request.size.invalid':
      return new BadRequest(
        'invalid',
        "The request's body does not have the length that its head announces.",
      );
    default:
      return new BadRequest('invalid', `The request's body cannot be read: ${error.message}`);
  }
}

function ownFailure(error: unknown): EnvelopeContent {
  return error instanceof UpstreamUnreachable
    ? { status: 503, reason: 'backendError', message: `${error.message}. Try again.` }
    : {
        status: 500,
        reason: 'internalError',
        message: 'guardrail failed on this request and did not let it through. Its log says why.',
      };
}
