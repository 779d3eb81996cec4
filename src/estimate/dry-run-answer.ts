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
import { Unpriced } from './unpriced.ts';

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

/** The estimate in the body of an answer to a dry run. @throws Unpriced if it holds no price */
export function readEstimate(body: string): Estimate {
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
