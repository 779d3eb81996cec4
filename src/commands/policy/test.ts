import { Command, InvalidArgumentError } from 'commander';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { formatOption } from '../shared/shared-options.ts';
import { testReportAsJson, testReportAsText } from './test/formats.ts';
import type { TestRun } from './test/run.ts';

const FORMATS = { text: testReportAsText, json: testReportAsJson };

interface Flags extends TestRun {
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
        const { testPolicy } = await import('./test/run.ts');
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
