import { z } from 'zod';
import type { Bytes } from '../vocabulary/bytes.ts';
import {
  type Estimate,
  type EstimateAccuracy,
  mayRunInPart,
  TABLES_MAY_BE_MISSING_FROM,
} from '../vocabulary/estimate.ts';
import { modelsOf } from '../vocabulary/models.ts';
import { routineName } from '../vocabulary/routine.ts';
import { billedBytes } from './billed.ts';
import { withoutDecorator } from './decorators.ts';
import { fetchOnceMore } from './fetch-once-more.ts';

/** A query as it would run: what is priced. */
export interface PricedJob {
  readonly projectId: string;
  /** The job's location, if the caller names one. */
  readonly location: string | null;
  /** The job's configuration as it will be sent, without the cap and the labels, which cannot change a price. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The decision that depends on the price, to identify the dry run; not part of the question. */
  readonly decisionId?: string;
}

/** The caller's own credential, and what else the warehouse needs to identify them. */
export interface Asker {
  /** Digest of the credential: equal for equal tokens, and safe to keep. */
  readonly credentialKey: string;
  /** Request headers to send along: `authorization`, quota project. */
  readonly headers: Readonly<Record<string, string>>;
  /** Query string to send along, such as `?key=…`, or empty. */
  readonly search: string;
}

/** What the warehouse answered instead of a price. */
export interface WarehouseAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The query could not be priced, so it must not run. Either the warehouse answered with an error of its own (`answer`:
 * invalid SQL, no access, invalid token), or it could not be reached or understood (`answer` is null).
 */
export class Unpriced extends Error {
  readonly answer: WarehouseAnswer | null;
  /** Who asked, where that is known; it is for the records alone, and confirms nobody. */
  readonly principal: string | null;

  constructor(
    message: string,
    answer: WarehouseAnswer | null,
    options: ErrorOptions & { readonly principal?: string | null } = {},
  ) {
    super(message, options);
    this.name = 'Unpriced';
    this.answer = answer;
    this.principal = options.principal ?? null;
  }
}

/** The warehouse's own reason for an error, such as `invalidQuery`; null where it gives none. */
export function reasonOf({ body }: WarehouseAnswer): string | null {
  return /"reason"\s*:\s*"(\w{1,64})"/.exec(body)?.[1] ?? null;
}

/** Asks the warehouse, under the asker's own credential. @throws Unpriced */
export type DryRun = (job: PricedJob, asker: Asker) => Promise<Estimate>;

/** A table as the API names it. */
export const tableReference = z.object({ projectId: z.string(), datasetId: z.string(), tableId: z.string() });
/** A function or procedure as the API names it. */
const routineReference = z.object({ projectId: z.string(), datasetId: z.string(), routineId: z.string() });
/** A count as the API writes it: text if a float might not hold it. */
export const int64 = z.string().regex(/^\d+$/).transform(BigInt);

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2 */
const dryRunJob = z.object({
  user_email: z.string().min(1).optional(),
  jobReference: z.object({ location: z.string().optional() }).optional(),
  statistics: z.object({
    totalBytesProcessed: int64.optional(),
    rowLevelSecurityStatistics: z.object({ rowLevelSecurityApplied: z.boolean().optional() }).optional(),
    query: z.object({
      totalBytesProcessed: int64.optional(),
      totalBytesProcessedAccuracy: z.string().optional(),
      statementType: z.string().optional(),
      cacheHit: z.boolean().optional(),
      referencedTables: z.array(tableReference).optional(),
      referencedLogicalViews: z.array(tableReference).optional(),
      referencedRoutines: z.array(routineReference).optional(),
      ddlTargetTable: tableReference.optional(),
    }),
  }),
});

const ACCURACIES: readonly string[] = ['PRECISE', 'LOWER_BOUND', 'UPPER_BOUND'] satisfies EstimateAccuracy[];

/**
 * Asks the warehouse, under the caller's own credential, what the caller's own configuration would process. Dry runs
 * are free and run nothing.
 * @see https://cloud.google.com/bigquery/docs/running-queries#dry-run
 */
export function createDryRun(options: {
  readonly upstream: string;
  readonly timeoutMs: number;
  /** Ends what is under way when the process stops. */
  readonly signal?: AbortSignal;
  readonly onSeconds?: (seconds: number, decisionId: string | undefined) => void;
}): DryRun {
  return async (job, asker) => {
    const started = performance.now();
    const answer = await ask(options, job, asker);
    options.onSeconds?.((performance.now() - started) / 1000, job.decisionId);
    if (answer.status < 200 || answer.status > 299) {
      throw new Unpriced(`The warehouse answered the dry run with HTTP ${answer.status}`, answer);
    }
    return readEstimate(answer.body);
  };
}

async function ask(
  options: { readonly upstream: string; readonly timeoutMs: number; readonly signal?: AbortSignal },
  job: PricedJob,
  asker: Asker,
): Promise<WarehouseAnswer> {
  const url = `${options.upstream}/bigquery/v2/projects/${encodeURIComponent(job.projectId)}/jobs${asker.search}`;
  const tooLate = AbortSignal.timeout(options.timeoutMs);
  const request: RequestInit = {
    method: 'POST',
    headers: { ...asker.headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      jobReference: {
        projectId: job.projectId,
        ...(job.location === null ? {} : { location: job.location }),
      },
      configuration: { ...job.configuration, dryRun: true },
    }),
    redirect: 'manual',
    signal: options.signal === undefined ? tooLate : AbortSignal.any([options.signal, tooLate]),
  };
  try {
    const response = await fetchOnceMore(url, request);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw new Unpriced(
      timedOut
        ? `The warehouse did not answer the dry run within ${options.timeoutMs / 1000} s`
        : 'The warehouse could not be reached for the dry run',
      null,
      { cause: error },
    );
  }
}

function readEstimate(body: string): Estimate {
  return estimateFrom(parseJson(body));
}

/**
 * The content of a dry run's job resource, whichever client fetched it.
 * @throws Unpriced if it holds no price
 */
export function estimateFrom(jobResource: unknown): Estimate {
  const parsed = dryRunJob.safeParse(jobResource);
  if (!parsed.success) {
    throw new Unpriced("The warehouse's dry run could not be understood", null, { cause: parsed.error });
  }
  const job = parsed.data;
  const { query } = job.statistics;
  const bytesProcessed = bytesIn(job);
  if (bytesProcessed === undefined) {
    throw new Unpriced("The warehouse's dry run names no totalBytesProcessed", null);
  }
  const referencedTables = (query.referencedTables ?? []).map(withoutDecorator);
  return {
    principal: job.user_email ?? null,
    statementType: query.statementType ?? 'UNKNOWN',
    location: job.jobReference?.location ?? 'US',
    bytesProcessed,
    bytesBilled: billedBytes(bytesProcessed, referencedTables.length),
    accuracy: accuracyOf(job, bytesProcessed, referencedTables.length),
    referencedTables,
    referencedViews: query.referencedLogicalViews?.map(withoutDecorator),
    referencedRoutines: query.referencedRoutines?.map(routineName),
    ddlTarget: query.ddlTargetTable,
    resultCached: query.cacheHit,
    madeAtMs: Date.now(),
  };
}

type DryRunJob = z.infer<typeof dryRunJob>;

/** Undefined if it does not say, without a reason for that. */
function bytesIn({ statistics }: DryRunJob): Bytes | undefined {
  const hidden = hidesBytes({ statistics }) ? 0n : undefined;
  return statistics.query.totalBytesProcessed ?? statistics.totalBytesProcessed ?? hidden;
}

/**
 * BigQuery hides how much is processed of tables with row-level security.
 * @see https://cloud.google.com/bigquery/docs/best-practices-row-level-security
 */
function hidesBytes({ statistics }: Pick<DryRunJob, 'statistics'>): boolean {
  return statistics.rowLevelSecurityStatistics?.rowLevelSecurityApplied === true;
}

function accuracyOf(job: DryRunJob, bytesProcessed: Bytes, tables: number): EstimateAccuracy {
  if (bytesProcessed === 0n && hidesBytes(job)) return 'UNKNOWN';
  const stated = readAccuracy(job.statistics.query.totalBytesProcessedAccuracy);
  const mayMissPart = tables >= TABLES_MAY_BE_MISSING_FROM || runsUnseen(job) || makesModel(job);
  return mayMissPart && stated !== 'UNKNOWN' ? 'LOWER_BOUND' : stated;
}

/**
 * The dry run of a script ends at the first DDL, IF, loop, CALL or EXECUTE IMMEDIATE: what follows is not in its bytes,
 * however exact it says that they are.
 * @see https://cloud.google.com/bigquery/docs/multi-statement-queries#dryrun_multi_statement_queries
 */
function runsUnseen({ statistics }: DryRunJob): boolean {
  const { statementType } = statistics.query;
  return statementType !== undefined && mayRunInPart({ statementType });
}

/**
 * What the training of a model is billed is known only after it for several kinds of models, and their dry run tells less.
 * @see https://cloud.google.com/bigquery/pricing#bqml
 */
function makesModel({ statistics }: DryRunJob): boolean {
  return modelsOf(statistics.query.statementType ?? null) !== 'none';
}

function readAccuracy(text: string | undefined): EstimateAccuracy {
  return text !== undefined && isAccuracy(text) ? text : 'UNKNOWN';
}

function isAccuracy(text: string): text is EstimateAccuracy {
  return ACCURACIES.includes(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unpriced("The warehouse's dry run is not JSON", null, { cause: error });
  }
}
