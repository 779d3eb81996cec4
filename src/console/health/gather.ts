import type { LivingReplica } from '../../budget/replicas.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { findGuardProblems, type GuardProblems, type Problem } from '../../ops/readiness.ts';
import { soon } from '../../ops/silent-ledger.ts';
import type { PolicyError } from '../../policy/document/errors.ts';
import type { ChainHead } from '../../records/journal/chain.ts';
import type { Reconciliation } from '../../reports/reconciliation/kept-reconciliations.ts';
import type { ConsoleSources } from '../sources.ts';

/** How long dry runs took since this process started. */
export interface DryRuns {
  readonly count: number;
  /** The median and the 95th percentile, as bounds of buckets. Null if there were none. */
  readonly halfWithinSeconds: number | null;
  readonly mostWithinSeconds: number | null;
}

/** The state of this guardrail. */
export interface Health {
  /** The same parts that `/readyz` goes by. */
  readonly problems: GuardProblems;
  /** Why the figures from the ledger could not be read; null if they could. */
  readonly unread: Problem | null;
  readonly spooled: number;
  readonly replicas: readonly LivingReplica[];
  readonly thisReplica: string;
  readonly policyVersion: string;
  readonly rejectedEdit: readonly PolicyError[] | null;
  readonly reconciliation: Reconciliation | null;
  readonly head: ChainHead | null;
  readonly dryRuns: DryRuns;
  /** Since this process started, by the stage in which they occurred. */
  readonly upstreamErrors: readonly NamedCount[];
  readonly ledgerErrors: readonly NamedCount[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** Whatever can be said is said, whatever else fails: this is the page to look at when something does. */
export async function gatherHealth(sources: ConsoleSources, nowMs: number): Promise<Health> {
  const { metrics, policy, rejectedPolicy, replica, records, lastReconciliation, spool } = sources;
  const problems = await findGuardProblems(sources);
  const ledgerHealth = await readLedger(async () => ({
    replicas: await replica.living(nowMs),
    reconciliation: await lastReconciliation(),
    head: await records.chainHead(),
  }));
  return {
    problems,
    ...ledgerHealth,
    spooled: spool.size,
    thisReplica: replica.id,
    policyVersion: policy().version,
    rejectedEdit: rejectedPolicy(),
    dryRuns: await dryRunsOf(metrics),
    upstreamErrors: await countsOf(metrics.upstreamErrors, 'stage'),
    ledgerErrors: await countsOf(metrics.ledgerErrors, 'operation'),
  };
}

type LedgerHealth = Pick<Health, 'replicas' | 'reconciliation' | 'head'>;

async function readLedger(read: () => Promise<LedgerHealth>): Promise<LedgerHealth & Pick<Health, 'unread'>> {
  try {
    return { ...(await soon(read())), unread: null };
  } catch (error) {
    const unread: Problem = { what: 'cannot be read', why: error };
    return { replicas: [], reconciliation: null, head: null, unread };
  }
}

async function countsOf<L extends string>(
  counter: {
    get(): Promise<{
      readonly values: readonly { value: number; labels: Partial<Record<L, string | number>> }[];
    }>;
  },
  label: L,
): Promise<readonly NamedCount[]> {
  const { values } = await counter.get();
  return values
    .filter(({ value }) => value > 0)
    .map(({ value, labels }) => ({ name: String(labels[label] ?? ''), count: value }));
}

async function dryRunsOf({ dryRunSeconds }: Metrics): Promise<DryRuns> {
  const { values } = await dryRunSeconds.get();
  const buckets = values.flatMap(({ metricName, labels, value }) =>
    metricName?.endsWith('_bucket')
      ? [
          {
            seconds: boundOf(new Map<string, string | number>(Object.entries(labels)).get('le')),
            count: value,
          },
        ]
      : [],
  );
  const count = values.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0;
  const within = (share: number) =>
    count === 0 ? null : (buckets.find((bucket) => bucket.count >= count * share)?.seconds ?? null);
  return { count, halfWithinSeconds: within(0.5), mostWithinSeconds: within(0.95) };
}

/** @param le the last bucket of a histogram, which counts everything, has the bound `+Inf` */
function boundOf(le: string | number | undefined): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}
