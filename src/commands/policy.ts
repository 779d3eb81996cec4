import { Command } from 'commander';
import { checkCommand } from './policy-check.ts';
import { schemaCommand } from './policy-schema.ts';

/** `guardrail policy …`: for those who tune the policy files. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('Work on policy files.')
    .addCommand(checkCommand())
    .addCommand(schemaCommand());
}
