import { Command } from 'commander';
import { checkCommand } from './policy/check.ts';
import { diffCommand } from './policy/diff.ts';
import { explainCommand } from './policy/explain.ts';
import { replayCommand } from './policy/replay.ts';
import { schemaCommand } from './policy/schema.ts';
import { testCommand } from './policy/test.ts';

/** `guardrail policy …`: for those who tune the policy files. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('Work on policy files.')
    .addCommand(checkCommand())
    .addCommand(testCommand())
    .addCommand(explainCommand())
    .addCommand(replayCommand())
    .addCommand(diffCommand())
    .addCommand(schemaCommand());
}
