import type { Books } from '../../books/books.ts';
import type { Orphan } from '../../budget/budgets.ts';
import { BudgetError } from '../../budget/errors.ts';
import type { Asker } from '../../estimate/dry-run.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { mayRunInPart } from '../../vocabulary/estimate.ts';
import { jobName } from '../../vocabulary/job-name.ts';
import { tariffOfJob } from '../../vocabulary/job-tariff.ts';
import { modelsOf } from '../../vocabulary/models.ts';
import { freeBytesFor, type Pricing } from '../../vocabulary/pricing.ts';
import type { SettlementPrice, UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import { endedUnbegun, type JobEnd } from '../../vocabulary/unreported.ts';
import { billedBy, hidesSlotTime } from './job-outcome.ts';
import { jobsSince, type ListedJob, labelledDecision } from './list-jobs.ts';
import type { ScriptModels } from './script-models.ts';

/**
 * Settles the reservations that dead processes left open, or that nobody could find the job of, as soon as a caller comes
 * whose credential may ask the warehouse for their jobs.
 */
export interface OrphanSettler {
  /** To be told of all such reservations; they replace those told before. */
  know(orphans: readonly Orphan[]): void;
  /**
   * To be called when a query of this principal's has come: its orphans are looked for under the query's credential.
   * Never rejects.
   */
  lookAs(who: { readonly principal: string | null; readonly asker: Asker }): Promise<void>;
}

export interface OrphanSettlerOptions {
  readonly upstream: string;
  readonly signal: AbortSignal;
  readonly books: Pick<Books, 'settle'>;
  readonly scriptModels: ScriptModels;
  readonly pricing: () => Pricing;
  /** Called with how many were settled, or with why one or all could not be. */
  readonly onLook: (outcome: { readonly settled: number } | { readonly error: unknown }) => void;
}

/** What an orphan's job is looked for and priced with. */
interface Looking extends Pick<OrphanSettlerOptions, 'upstream' | 'signal' | 'scriptModels' | 'pricing'> {
  readonly asker: Asker;
}

/** The least time between two lists of one principal's jobs. */
const REST_MS = 30_000;

/**
 * Guardrail has no credential of its own, so it looks for these jobs under the credential of the
 * principal who started them, when that principal's next query comes. A job is recognised by the decision in its label.
 */
export function createOrphanSettler(options: OrphanSettlerOptions): OrphanSettler {
  let byPrincipal = new Map<string, readonly Orphan[]>();
  const restsUntil = new Map<string, number>();

  /** What cannot be charged, for example after a change of the pricing's currency, keeps its reservation. */
  async function settleOne(settlement: UnpricedSettlement): Promise<boolean> {
    try {
      await options.books.settle(settlement);
      return true;
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      options.onLook({ error });
      return false;
    }
  }

  async function settleAll(orphans: readonly Orphan[], asker: Asker): Promise<number> {
    let settled = 0;
    for (const [projectId, ofProject] of Map.groupBy(orphans, (orphan) => orphan.projectId)) {
      for await (const settlement of settlementsOf(ofProject, projectId, { ...options, asker }))
        if (await settleOne(settlement)) settled += 1;
    }
    return settled;
  }

  return {
    know(orphans) {
      const known = orphans.filter(({ principal }) => principal !== null);
      byPrincipal = Map.groupBy(known, ({ principal }) => principal ?? '');
    },
    async lookAs({ principal, asker }) {
      const orphans = byPrincipal.get(principal ?? '');
      if (principal === null || orphans === undefined || performance.now() < (restsUntil.get(principal) ?? 0))
        return;
      restsUntil.set(principal, performance.now() + REST_MS);
      byPrincipal.delete(principal);
      try {
        options.onLook({ settled: await settleAll(orphans, asker) });
      } catch (error) {
        options.onLook({ error });
      }
    },
  };
}

/** The settlements of one project's orphans whose jobs have ended. */
async function* settlementsOf(
  orphans: readonly Orphan[],
  projectId: string,
  looking: Looking,
): AsyncGenerator<UnpricedSettlement> {
  const wanted = new Map(orphans.map((orphan) => [orphan.decisionId, orphan]));
  const oldestAtMs = Math.min(...orphans.map(({ atMs }) => atMs));
  for await (const job of jobsSince(looking, looking.asker, projectId, oldestAtMs)) {
    const orphan = wanted.get(labelledDecision(job) ?? '');
    if (orphan === undefined || job.status.state !== 'DONE') continue;
    const settlement = await settlementOf(orphan, job, looking);
    if (settlement !== null) yield settlement;
  }
}

/** Null if the job does not say how it is to be paid for: the reservation stands, and is charged in full. */
async function settlementOf(
  orphan: Orphan,
  job: ListedJob,
  looking: Looking,
): Promise<UnpricedSettlement | null> {
  const { projectId, jobId, location = null } = job.jobReference;
  const { query, totalSlotMs: slotMs = null, totalBytesProcessed } = job.statistics;
  const end = endOf(job);
  const bytesBilled = billedBy({ bytesBilled: query?.totalBytesBilled ?? null, ...end });
  if (bytesBilled === null) return null;
  const price = await priceOf(job, bytesBilled, looking);
  if (price === null) return null;
  return {
    decisionId: orphan.decisionId,
    admittedAtMs: orphan.atMs,
    atMs: Date.now(),
    jobId: jobName({ projectId, jobId, location }),
    bytesProcessed: totalBytesProcessed ?? 0n,
    bytesBilled,
    cacheHit: end.cacheHit,
    slotMs: slotMs === null ? null : Number(slotMs),
    durationMs: null,
    errorReason: end.errorReason,
    source: 'job',
    price,
  };
}

function endOf({ status, statistics }: ListedJob): JobEnd {
  const { query, startTime = null, endTime = null } = statistics;
  return {
    cacheHit: query?.cacheHit ?? false,
    errorReason: status.errorResult?.reason ?? null,
    neverBegan: endedUnbegun(startTime, endTime),
  };
}

/** Null if the job does not say how it is to be paid for. */
async function priceOf(
  job: ListedJob,
  bytesBilled: Bytes,
  { asker, scriptModels, pricing: pricingNow }: Looking,
): Promise<SettlementPrice | null> {
  const { projectId, jobId, location = '' } = job.jobReference;
  const {
    query,
    totalSlotMs: slotMs = null,
    numChildJobs = 0n,
    reservation_id: reservation = null,
  } = job.statistics;
  // A job that names no type and has no parts, such as one of legacy SQL, is a single statement that made no model.
  const statementType = query?.statementType ?? (numChildJobs > 0n ? 'SCRIPT' : null);
  // The SQL of an orphan is not at hand; only the parts of a script tell whether it made a model.
  const models = mayRunInPart({ statementType: statementType ?? 'SELECT' })
    ? await scriptModels({ projectId, jobId, bytesBilled, askers: [asker] })
    : modelsOf(statementType);
  if (models === null) return null;
  const pricing = pricingNow();
  const ended = { projectId, location, reservation, statementType, models, bytesBilled };
  const tariff = tariffOfJob({ ...ended, slotMs: slotMs ?? 0n }, pricing);
  if (tariff.model === 'editions' && hidesSlotTime({ slotMs, ...endOf(job) })) return null;
  return { tariff, freeBytesPerMonth: freeBytesFor({ models }, pricing) };
}
