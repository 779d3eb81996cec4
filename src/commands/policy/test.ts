import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadPolicy } from '../../policy/load.ts';
import { coverageOf, percentHit } from '../../rehearsal/cases/coverage.ts';
import { readCases } from '../../rehearsal/cases/read-cases.ts';
import { type CaseOutcome, runCase } from '../../rehearsal/cases/run-case.ts';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { formatOption } from '../shared/shared-options.ts';
import { type TestReport, testReportAsJson, testReportAsText } from './test/formats.ts';

const FORMATS = { text: testReportAsText, json: testReportAsJson };

interface Flags {
  readonly cases?: string;
  readonly minCoverage: number;
  readonly format: keyof typeof FORMATS;
}

/** `guardrail policy test`: whether the policy decides known queries as intended. */
export function testCommand(): Command {
  return new Command('test')
    .description(
      'Test the policy files in a folder with cases: a query, who sends it, and the expected outcome. ' +
        'Exits 0 if all pass, 1 if not, 2 if files have errors.',
    )
    .addHelpText('after', examples('policy test', 'policy test policies --min-coverage 90'))
    .argument('[folder]', 'folder of policy files', 'policies')
    .option('--cases <folder>', 'folder of cases (default: tests in the folder of policy files)')
    .option('--min-coverage <percent>', 'exit 1 if cases hit fewer of the rules', percentage, 0)
    .addOption(formatOption(FORMATS, 'text'))
    .exitOverride(exitOnUsageError)
    .action((folder: string, flags: Flags) =>
      exitWith(async () => {
        const report = await testPolicy(folder, flags);
        process.stdout.write(FORMATS[flags.format](report));
        return report.failed === 0 && report.percentHit >= flags.minCoverage ? EXIT_OK : EXIT_WRONG;
      }),
    );
}

function percentage(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100) {
    throw new InvalidArgumentError('it is a whole percentage, 0 to 100.');
  }
  return Number(text);
}

async function testPolicy(
  folder: string,
  { cases: casesFolder = join(folder, 'tests'), minCoverage }: Flags,
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
