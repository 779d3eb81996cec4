import { createServer, type Server } from 'node:http';
import express, { type Express, type Request } from 'express';
import { type Logger, pino } from 'pino';
import { notImplemented } from '../not-implemented.ts';
import { BigQueryError, type Warehouse } from '../warehouse.ts';
import type { SandboxContext } from './context.ts';
import { authenticate } from './http/bearer-token.ts';
import { answerError } from './http/error-envelope.ts';
import { DEFAULT_MAX_PAGE_BYTES } from './http/row-page.ts';
import { tokenInfo } from './http/token-info.ts';
import { createJobStore, DEFAULT_JOB_LIMITS } from './jobs/job-store.ts';
import { createJobs } from './jobs/jobs.ts';
import { createResultCache } from './jobs/result-cache.ts';
import { createResultStore } from './jobs/result-store.ts';
import { datasetsRouter } from './resources/datasets.ts';
import { jobsRouter } from './resources/jobs.ts';
import { jobsInsertRouter } from './resources/jobs-insert.ts';
import { jobsListRouter } from './resources/jobs-list.ts';
import { jobsQueryRouter } from './resources/jobs-query.ts';
import { projectsRouter } from './resources/projects.ts';
import { queryResultsRouter } from './resources/query-results.ts';
import { tableDataRouter } from './resources/tabledata.ts';
import { tablesRouter } from './resources/tables.ts';

export interface SandboxServerOptions {
  /** Leave `user_email` out of jobs, as BigQuery may for dry runs. */
  readonly omitUserEmail?: boolean;
  /** Aborting it cancels every job under way. */
  readonly stopping?: AbortSignal;
  /** JSON bytes of rows in one page, 10 MB by default. */
  readonly maxPageBytes?: number;
  /** Jobs that are remembered, without rows: 100,000 by default. */
  readonly maxJobs?: number;
  /** Bytes of results that are kept for paging and for the cache: 256 MiB by default. */
  readonly maxResultBytes?: number;
  readonly log?: Logger;
}

const DEFAULT_MAX_RESULT_BYTES = 256 * 2 ** 20;
const MAX_RESULTS = 10_000;

/** Where the API is. What the sandbox does not serve below these, it says that it does not do. */
const API = ['/bigquery/v2', '/upload', '/resumable', '/batch'];

/** BigQuery's REST v2 in front of a warehouse. It does not listen yet. */
export function createSandboxServer(warehouse: Warehouse, options: SandboxServerOptions = {}): Server {
  return createServer(createSandboxApp(createContext(warehouse, options)));
}

function createContext(warehouse: Warehouse, options: SandboxServerOptions): SandboxContext {
  const log = options.log ?? pino({ level: 'silent' });
  const results = createResultStore({
    maxBytes: options.maxResultBytes ?? DEFAULT_MAX_RESULT_BYTES,
    maxResults: MAX_RESULTS,
  });
  const cache = createResultCache({ maxEntries: MAX_RESULTS, results });
  const store = createJobStore({
    ...DEFAULT_JOB_LIMITS,
    ...(options.maxJobs === undefined ? {} : { maxJobs: options.maxJobs }),
  });
  const stopping = options.stopping ?? new AbortController().signal;
  return {
    warehouse,
    results,
    jobs: createJobs({ warehouse, results, cache, store, stopping, log }),
    maxPageBytes: options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES,
    omitUserEmail: options.omitUserEmail ?? false,
    log,
  };
}

function createSandboxApp(context: SandboxContext): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set({ 'cache-control': 'private', 'x-content-type-options': 'nosniff' });
    next();
  });

  app.use(tokenInfo());
  app.use(API, authenticate());
  app.use(
    '/bigquery/v2',
    projectsRouter(context),
    jobsQueryRouter(context),
    queryResultsRouter(context),
    jobsInsertRouter(context),
    jobsListRouter(context),
    jobsRouter(context),
    datasetsRouter(context),
    tablesRouter(context),
    tableDataRouter(context),
  );
  app.use(API, (request) => {
    throw notImplemented(nameOf(request));
  });
  app.use((request) => {
    throw new BigQueryError(404, 'notFound', `Not found: ${nameOf(request)}`);
  });
  app.use(answerError(context.log));
  return app;
}

function nameOf(request: Request): string {
  return `${request.method} ${request.baseUrl}${request.path}`;
}
