import { type AuditRun, runAudit } from '../../src/commands/audit/run.ts';
import { asBilled } from './audit-figures.ts';
import { ATENDIMENTO, PROJECT, useHouse } from './guardrail.ts';

/** Audits, asked of a sandbox of the file's own. */
export function useAudits() {
  const house = useHouse({ sandbox: { messages: 400_000 } });
  async function audit(path: string, changes: Partial<AuditRun> = {}, policies = house.policies()) {
    const environment = { GUARDRAIL_POLICIES: policies, GUARDRAIL_UPSTREAM: house.sandbox().url };
    return runAudit(
      path,
      {
        as: 'atendimento',
        language: 'en',
        viewsPerDay: 10,
        daysPerMonth: 22,
        hoursPerDay: 10,
        autoRefresh: new Map(),
        project: PROJECT,
        token: `sandbox:${ATENDIMENTO}`,
        concurrency: 4,
        retries: 2,
        ...changes,
      },
      { environment },
    );
  }

  /** What a hand-written query is billed, worked out independently from the sandbox's own dry run and BigQuery's rule. */
  async function billed(sql: string): Promise<bigint> {
    const [job] = await house.direct().createQueryJob({ query: sql, dryRun: true, useQueryCache: false });
    const { totalBytesProcessed, referencedTables } = job.metadata.statistics.query;
    return asBilled(BigInt(totalBytesProcessed), referencedTables.length);
  }
  return { house, audit, billed };
}
