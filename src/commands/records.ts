import { Command } from 'commander';
import { recordsExportCommand } from './records/export.ts';
import { recordsPruneCommand } from './records/prune.ts';
import { recordsVerifyCommand } from './records/verify.ts';

/** `guardrail records …`: the books themselves. */
export function recordsCommand(): Command {
  return new Command('records')
    .description(
      'Work on the records of decisions: write them out, prove that they are whole, give old ones up.',
    )
    .addCommand(recordsExportCommand())
    .addCommand(recordsVerifyCommand())
    .addCommand(recordsPruneCommand());
}
