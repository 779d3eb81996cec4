import { Command } from 'commander';
import { recordsVerifyCommand } from './records-verify.ts';

/** `guardrail records …`: the books themselves. */
export function recordsCommand(): Command {
  return new Command('records')
    .description('Work on the records of decisions: prove that they are whole.')
    .addCommand(recordsVerifyCommand());
}
