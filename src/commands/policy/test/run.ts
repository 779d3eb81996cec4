import { join } from 'node:path';
import { loadPolicy } from '../../../policy/load.ts';
import { coverageOf, percentHit } from '../../../rehearsal/cases/coverage.ts';
import { readCases } from '../../../rehearsal/cases/read-cases.ts';
import { type CaseOutcome, runCase } from '../../../rehearsal/cases/run-case.ts';
import type { TestReport } from './formats.ts';

export interface TestRun {
  /** The folder of cases, if it is not the one in the folder of policy files. */
  readonly cases?: string;
  readonly minCoverage: number;
}

/** @throws PolicyRejected; Error if cases cannot be read, or there is none */
export async function testPolicy(
  folder: string,
  { cases: casesFolder = join(folder, 'tests'), minCoverage }: TestRun,
): Promise<TestReport> {
  const policy = await loadPolicy(folder);
  const cases = await readCases(casesFolder, policy);
  if (cases.length === 0) throw new Error(`There is no case in ${casesFolder}. Write one under "cases".`);
  const nowMs = Date.now();
  const outcomes: CaseOutcome[] = [];
  for (const policyCase of cases) outcomes.push(await runCase(policy, policyCase, nowMs));
  const coverage = coverageOf(outcomes);
  return {
    folder,
    outcomes,
    failed: outcomes.filter(({ differences }) => differences.length > 0).length,
    coverage,
    percentHit: percentHit(coverage),
    minCoverage,
  };
}
