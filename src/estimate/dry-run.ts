import type { Estimate } from '../vocabulary/estimate.ts';
import { readEstimate } from './dry-run-answer.ts';
import { fetchOnceMore } from './fetch-once-more.ts';
import { Unpriced, type WarehouseAnswer } from './unpriced.ts';

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

/** Asks the warehouse, under the asker's own credential. @throws Unpriced */
export type DryRun = (job: PricedJob, asker: Asker) => Promise<Estimate>;

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
