import { LRUCache } from 'lru-cache';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import type { Estimate } from '../vocabulary/estimate.ts';
import type { Asker, DryRun, PricedJob } from './dry-run.ts';
import { reasonOf, Unpriced, type WarehouseAnswer } from './unpriced.ts';

type Credential = Pick<Asker, 'credentialKey'>;

/** Dry runs that say who asks, and the principals that they have confirmed. */
export interface IdentifiedDryRuns {
  /** Asks the warehouse, which confirms the principal of the credential, or refuses it. @throws Unpriced */
  readonly run: DryRun;
  /** The principal that the warehouse has confirmed for this credential, or null if it has not done so yet. */
  principalOf(credential: Credential): string | null;
  /** The warehouse has refused this credential: it proves nothing until another dry run under it succeeds. */
  distrust(credential: Credential): void;
}

/** @param options.principalOf the principal behind a credential that the warehouse has just accepted without naming one */
export function createIdentifiedDryRuns(options: {
  readonly dryRun: DryRun;
  readonly maxEntries: number;
  readonly principalOf: (asker: Asker) => Promise<string | null>;
}): IdentifiedDryRuns {
  const principals = new LRUCache<string, string>({ max: options.maxEntries, ttl: HOUR_MS });

  function distrust({ credentialKey }: Credential): void {
    principals.delete(credentialKey);
  }

  async function run(job: PricedJob, asker: Asker): Promise<Estimate> {
    const answer = await runOrSayWho(job, asker);
    const principal = answer.principal ?? (await options.principalOf(asker));
    if (principal !== null) principals.set(asker.credentialKey, principal);
    return { ...answer, principal };
  }

  async function runOrSayWho(job: PricedJob, asker: Asker): Promise<Estimate> {
    try {
      return await options.dryRun(job, asker);
    } catch (error) {
      if (!(error instanceof Unpriced)) throw error;
      const principal = await whoFailed(asker, error.answer);
      throw new Unpriced(error.message, error.answer, { cause: error.cause, principal });
    }
  }

  async function whoFailed(asker: Asker, answer: WarehouseAnswer | null): Promise<string | null> {
    if (answer?.status === 401) {
      distrust(asker);
      return null;
    }
    const confirmed = principals.get(asker.credentialKey) ?? null;
    return confirmed ?? (answer !== null && wasLookedAt(answer) ? options.principalOf(asker) : null);
  }

  return { run, principalOf: ({ credentialKey }) => principals.get(credentialKey) ?? null, distrust };
}

/** What the warehouse says only of a query that it has looked at, and so under a credential that it takes. */
const LOOKED_AT: ReadonlySet<string | null> = new Set(['invalidQuery', 'notFound', 'accessDenied']);

function wasLookedAt(answer: WarehouseAnswer): boolean {
  return LOOKED_AT.has(reasonOf(answer));
}
