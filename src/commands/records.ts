import { Command } from 'commander';
import { recordsExportCommand } from './records/export.ts';
import { recordsPruneCommand } from './records/prune.ts';
import { recordsVerifyCommand } from './records/verify.ts';

/** `guardrail records …`: the books themselves. */
export function recordsCommand(): Command {
  return new Command('records')
    .description(
      'Work on the records of decisions: export them, prove that they are intact, delete old ones.',
    )
    .addCommand(recordsExportCommand())
    .addCommand(recordsVerifyCommand())
    .addCommand(recordsPruneCommand());
}
