import type { Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { LedgerError } from '../books/books.ts';
import { VERSION } from '../foundation/version.ts';
import { CONTENT_TYPES, exposition } from '../metrics/exposition.ts';
import type { Transport } from '../transport/transport.ts';
import { identifyVisitor, redactionOf } from './access/identify.ts';
import { signInRouter } from './access/sign-in/sign-in.ts';
import { apiRouter } from './api/api.ts';
import { bookGauges } from './gauges/book-gauges.ts';
import { budgetGauges } from './gauges/budget-gauges.ts';
import { lineageGauges } from './gauges/lineage-gauges.ts';
import { readiness } from './readiness.ts';
import type { OpsSources } from './sources.ts';

const INDEX = `guardrail ${VERSION}, for operators

/                             the console
/sign-in                      for browsers: paste a token once; /sign-out ends that
/healthz                      alive
/readyz                       ready to guard, how the ledger and the readers of SQL are, and whether a policy edit was rejected
/metrics                      for Prometheus
/api/v1/budgets               limits, what is used, reserved and left
/api/v1/decisions?limit=&team=
/api/v1/decisions/stream      the same as they happen, as server-sent events
/api/v1/decisions/ID          one query: who, what, why, what it came to
/api/v1/spend?by=team|person|dashboard|table|fingerprint&from=&to=
/api/v1/savings?by=team|day&from=&to=
/api/v1/catalog?from=&to=     tables, who reads them, and what that costs
/api/v1/grants                what was granted on top of budgets; POST and DELETE for operators
/api/v1/grants/requests       what is asked for; POST for anybody, /ID/grant and /ID/decline for operators
/api/v1/notices               budgets that reached a threshold
/api/v1/books                 the end of the chain of records, and the last reconciliation
/api/v1/policy                the version in force, and the errors of an edit that was rejected
/api/v1/openapi.json          all of it for programs, as OpenAPI 3.1
`;

/**
 * The operators' HTTP server: metrics, health, the API, and the console. It does not listen yet.
 * @param pages what the console answers; it passes on what it has no page for
 */
export function createOpsServer(
  sources: OpsSources,
  pages: RequestHandler,
  { log, transport }: { readonly log: Logger; readonly transport: Transport },
): Server {
  return transport(createOpsApp(sources, pages, log));
}

function createOpsApp(sources: OpsSources, pages: RequestHandler, log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(identifyVisitor(sources.access));
  app.use(refuseNul);
  app.use(signInRouter(sources.access, log));

  app.get('/api', (_request, response) => {
    response.type('text').send(INDEX);
  });

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  app.get('/readyz', async (_request, response) => {
    const { isReady, state } = await readiness(sources, redactionOf(response));
    response.status(isReady ? 200 : 503).json(state);
  });

  app.get('/metrics', async (request, response) => {
    await Promise.all([budgetGauges(sources, log), bookGauges(sources, log), lineageGauges(sources, log)]);
    const contentType = request.accepts([...CONTENT_TYPES]) || CONTENT_TYPES[0];
    response
      .set({ 'content-type': contentType, vary: 'accept' })
      .send(await exposition(sources.metrics.registry, contentType));
  });

  app.use('/api/v1', apiRouter(sources));
  app.use(pages);
  app.use((request, response) => {
    response.status(404).json({ error: `there is nothing at ${request.path}` });
  });
  app.use(answerError(log));
  return app;
}

/** PostgreSQL keeps no text with the character NUL and fails when it is asked for one, so nothing has such a name. */
const refuseNul: RequestHandler = (request, response, next) => {
  if (!request.url.includes('%00')) return next();
  response.status(400).json({ error: 'the request cannot be read: its address contains %00' });
};

function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const wrong = wrongRequest(error);
    if (wrong !== null) {
      response.status(wrong.status).json({ error: `the request cannot be read: ${wrong.message}` });
      return;
    }
    log.error({ err: error, path: request.path }, "an operators' request failed");
    if (error instanceof LedgerError) {
      response
        .status(503)
        .json({ error: 'the ledger did not answer; /readyz says how it is, and the log why' });
      return;
    }
    response.status(500).json({ error: 'guardrail failed on this request; its log says why' });
  };
}

/**
 * Express's own verdict on a malformed request: a body that is not JSON or too large, a path that cannot be decoded.
 */
function wrongRequest(error: unknown): { readonly status: number; readonly message: string } | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? { status: error.status, message: error.message } : null;
}
