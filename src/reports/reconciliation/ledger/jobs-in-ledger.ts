import { chunks } from '../../../foundation/lists/chunks.ts';
import type { LedgerReader } from '../../../ledger/ledger.ts';
import { jobName } from '../../../vocabulary/job-name.ts';
import type { WarehouseJob } from '../jobs/warehouse-job.ts';
import { unguardedId } from '../unguarded-id.ts';
import { PAGE } from './decision-pages.ts';

/**
 * Those of some jobs that an entry of the ledger may be about, whenever it was made: one with the decision that is in the
 * job's label, one entered for it after it bypassed guardrail, or one that names it in any version of a settlement.
 */
export async function jobsInLedger(
  db: LedgerReader,
  jobs: readonly WarehouseJob[],
): Promise<readonly WarehouseJob[]> {
  const sought = jobs.map((job) => ({ job, decisions: decisionsOf(job) }));
  const decided = await found(
    sought.flatMap(({ decisions }) => decisions),
    (ids) => db.selectFrom('decisions').select('id as value').where('id', 'in', ids).execute(),
  );
  const undecided = sought.filter(({ decisions }) => !decisions.some((id) => decided.has(id)));
  const named = undecided.map(({ job }) => ({ job, names: namesOf(job) }));
  const settled = await found(
    named.flatMap(({ names }) => names),
    (names) => db.selectFrom('settlements').select('job_id as value').where('job_id', 'in', names).execute(),
  );
  const strangers = new Set(
    named.filter(({ names }) => !names.some((name) => settled.has(name))).map(({ job }) => job),
  );
  return jobs.filter((job) => !strangers.has(job));
}

function decisionsOf(job: WarehouseJob): readonly string[] {
  const entered = unguardedId(job);
  return job.labelledDecision === null ? [entered] : [job.labelledDecision, entered];
}

function namesOf(job: WarehouseJob): readonly string[] {
  return [jobName(job), jobName({ ...job, location: null })];
}

/** Those of some values that are found, which are looked for a page at a time. */
async function found(
  values: readonly string[],
  find: (some: readonly string[]) => Promise<readonly { readonly value: string | null }[]>,
): Promise<ReadonlySet<string | null>> {
  const all = new Set<string | null>();
  for (const some of chunks(values, PAGE)) {
    for (const { value } of await find(some)) all.add(value);
  }
  return all;
}
