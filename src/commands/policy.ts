import { Command } from 'commander';
import { loadPolicy } from '../policy/load.ts';
import { replayCommand } from './policy-replay.ts';

/** `guardrail policy …`: for those who tune the policy files. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('Work on policy files.')
    .addCommand(checkCommand())
    .addCommand(replayCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .description('Say every error of the policy files in a folder, with file, line and column.')
    .argument('[folder]', 'folder of policy files', 'policies')
    .action(async (folder: string) => {
      const policy = await loadPolicy(folder);
      process.stdout.write(
        `The policy files in ${folder} are right: version ${policy.version}, ${policy.budgets.length} budgets.\n`,
      );
      for (const warning of policy.warningsAt(Date.now())) process.stderr.write(`warning: ${warning}\n`);
    });
}
