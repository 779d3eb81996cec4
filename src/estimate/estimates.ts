import { LRUCache } from 'lru-cache';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import { cacheKey } from '../foundation/text/cache-key.ts';
import { type Estimate, isUpperBound } from '../vocabulary/estimate.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import type { Asker, DryRun, PricedJob } from './dry-run.ts';
import { createIdentifiedDryRuns, type IdentifiedDryRuns } from './identified-dry-runs.ts';

/** Where an estimate comes from; `shared` joined a dry run that was already under way, `cap` asked nobody. */
export type EstimateSource = 'dry run' | 'cache' | 'shared' | 'cap';

export interface FoundEstimate {
  readonly estimate: Estimate;
  readonly source: EstimateSource;
}

export interface Estimates extends Pick<IdentifiedDryRuns, 'principalOf' | 'distrust'> {
  /**
   * What the warehouse says the job would process; from the cache if the same principal asked the same within the time
   * to live. Identical questions that arrive together share one dry run.
   * @throws Unpriced if the warehouse gave no price, which is not cached
   */
  find(job: PricedJob, asker: Asker): Promise<FoundEstimate>;
  /** Asks the warehouse even if the answer is cached, and caches the new one. */
  findAfresh(job: PricedJob, asker: Asker): Promise<FoundEstimate>;
  /**
   * The job was stopped by a cap that was its estimate, so its dry run says too little. For an hour, its estimates are lower
   * bounds: sent again, it is not stopped again.
   */
  toldTooLittle(job: PricedJob, asker: Asker): void;
  /** The cached answer to this question, or null; nobody is asked. */
  remembered(job: PricedJob, asker: Asker): FoundEstimate | null;
  /**
   * The location of tables that earlier dry runs have read, if all of them are known to be in the same one; otherwise
   * null. A view is never known: dry runs name the tables behind it.
   */
  locationOf(tables: readonly TableReference[]): string | null;
}

export interface EstimatesOptions {
  readonly dryRun: DryRun;
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** The principal behind a credential that the warehouse has just accepted without naming one. */
  readonly principalOf: (asker: Asker) => Promise<string | null>;
}

interface Question {
  readonly job: PricedJob;
  readonly asker: Asker;
}

/**
 * Estimates, cached by principal and by everything that can change a price: project, location and the whole
 * configuration except cap and labels. A credential that the warehouse has not yet confirmed shares nothing: its first
 * question is always a dry run under that very credential.
 */
export function createEstimates(options: EstimatesOptions): Estimates {
  const dryRuns = createIdentifiedDryRuns(options);
  const locations = createTableLocations(options.maxEntries);
  const tooLow = new LRUCache<string, true>({ max: options.maxEntries, ttl: HOUR_MS });
  const cache = new LRUCache<string, Estimate, Question>({
    max: options.maxEntries,
    ttl: options.ttlMs,
    ignoreFetchAbort: true,
    fetchMethod: (key, _stale, { context }) => askWarehouse(context, key),
  });

  async function askWarehouse({ job, asker }: Question, askedUnder: string): Promise<Estimate> {
    const estimate = await dryRuns.run(job, asker);
    locations.learnFrom(estimate);
    // The first answer under a credential confirms its principal, who is part of the cache key from now on.
    const knownUnder = keyOf(job, asker);
    if (knownUnder !== askedUnder) cache.set(knownUnder, estimate);
    return estimate;
  }

  function keyOf(job: PricedJob, asker: Asker): string {
    const principal = dryRuns.principalOf(asker);
    const owner = principal === null ? ['credential', asker.credentialKey] : ['principal', principal];
    return cacheKey([owner, job.projectId, job.location, job.configuration, asker.search]);
  }

  async function fetchBy(
    question: Question,
    { forceRefresh }: { readonly forceRefresh: boolean },
  ): Promise<FoundEstimate> {
    const status: LRUCache.Status<string, Estimate, Question> = {};
    const key = keyOf(question.job, question.asker);
    const estimate = await cache.forceFetch(key, { context: question, status, forceRefresh });
    const source = sourceOf(status.fetch);
    // It is kept for the principal. What is kept for the credential would outlive the trust in it.
    const knownUnder = source === 'cache' ? key : keyOf(question.job, question.asker);
    if (source === 'dry run' && key !== knownUnder) cache.delete(key);
    return { estimate: asBelieved(estimate, knownUnder), source };
  }

  function asBelieved(estimate: Estimate, key: string): Estimate {
    return isUpperBound(estimate) && tooLow.has(key) ? { ...estimate, accuracy: 'LOWER_BOUND' } : estimate;
  }

  return {
    find: (job, asker) => fetchBy({ job, asker }, { forceRefresh: false }),
    findAfresh: (job, asker) => fetchBy({ job, asker }, { forceRefresh: true }),
    toldTooLittle(job, asker) {
      tooLow.set(keyOf(job, asker), true);
    },
    remembered(job, asker) {
      const key = keyOf(job, asker);
      const estimate = cache.get(key);
      return estimate === undefined ? null : { estimate: asBelieved(estimate, key), source: 'cache' };
    },
    locationOf: locations.of,
    principalOf: dryRuns.principalOf,
    distrust: dryRuns.distrust,
  };
}

/** Where the tables are that dry runs have read. */
function createTableLocations(maxEntries: number) {
  const locations = new LRUCache<string, string>({ max: maxEntries, ttl: HOUR_MS });
  return {
    learnFrom({ referencedTables, location }: Estimate): void {
      for (const table of referencedTables) locations.set(tableName(table), location);
    },
    of(tables: readonly TableReference[]): string | null {
      const [one, ...others] = new Set(tables.map((table) => locations.get(tableName(table)) ?? null));
      return others.length === 0 ? (one ?? null) : null;
    },
  };
}

function sourceOf(status: string | undefined): EstimateSource {
  if (status === 'hit') return 'cache';
  return status === 'inflight' ? 'shared' : 'dry run';
}
