import { Command } from 'commander';
import { checkPolicy } from '../../policy/check.ts';
import { readPolicyFolder } from '../../policy/document/folder.ts';
import { examples } from '../shared/examples.ts';
import { EXIT_OK, EXIT_WRONG, exitOnUsageError, exitWith } from '../shared/exit-codes.ts';
import { formatOption } from '../shared/shared-options.ts';
import {
  type CheckReport,
  checkReportAsAnnotations,
  checkReportAsJson,
  checkReportAsText,
} from './check/formats.ts';

const FORMATS = { text: checkReportAsText, json: checkReportAsJson, github: checkReportAsAnnotations };

interface Flags {
  readonly format: keyof typeof FORMATS;
  readonly strict?: true;
}

/** `guardrail policy check`: whether policy files would be accepted, and whether they do what they seem to. */
export function checkCommand(): Command {
  return new Command('check')
    .description(
      'Report every error of the policy files in a folder, with file, line and column, and parts without effect. ' +
        'Exits 0 if they are right, 1 if not, 2 if they cannot be read.',
    )
    .addHelpText('after', examples('policy check', 'policy check policies --strict --format github'))
    .argument('[folder]', 'folder of policy files', 'policies')
    .addOption(formatOption(FORMATS, 'text', '; github: annotations of a workflow'))
    .option('--strict', 'exit 1 for warnings too')
    .exitOverride(exitOnUsageError)
    .action((folder: string, flags: Flags) =>
      exitWith(async () => {
        const texts = await readPolicyFolder(folder);
        const report: CheckReport = {
          folder,
          version: texts.version,
          ...checkPolicy(folder, texts, Date.now()),
        };
        process.stdout.write(FORMATS[flags.format](report));
        const wrong = report.errors.length > 0 || (flags.strict === true && report.warnings.length > 0);
        return wrong ? EXIT_WRONG : EXIT_OK;
      }),
    );
}
