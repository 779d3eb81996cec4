#!/usr/bin/env node
import { Command } from 'commander';
import { errorMessage } from './foundation/text/error-message.ts';
import { VERSION } from './foundation/version.ts';

/**
 * Each is loaded only when it is asked for: not every command needs the sandbox's database or the charts. What a command
 * works with is loaded by its action, since help and usage errors need none of it.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  health: async () => (await import('./commands/health.ts')).healthCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand(),
  policy: async () => (await import('./commands/policy.ts')).policyCommand(),
  catalog: async () => (await import('./commands/catalog.ts')).catalogCommand(),
  query: async () => (await import('./commands/query.ts')).queryCommand(),
  spend: async () => (await import('./commands/spend.ts')).spendCommand(),
  savings: async () => (await import('./commands/savings.ts')).savingsCommand(),
  showback: async () => (await import('./commands/showback.ts')).showbackCommand(),
  grant: async () => (await import('./commands/grant.ts')).grantCommand(),
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  records: async () => (await import('./commands/records.ts')).recordsCommand(),
};

// Tests look at the commands without running one.
if (import.meta.main) {
  try {
    await (await programFor(process.argv[2])).parseAsync();
  } catch (error) {
    // Errors that people can do something about say so in their message; a stack would bury it.
    process.stderr.write(`${errorMessage(error)}\n`);
    // A command may have said already what its failure is.
    process.exitCode ||= 1;
  }
}

/** With the command that is asked for alone, or with all of them where help or a name's correction may be wanted. */
async function programFor(asked: string | undefined): Promise<Command> {
  const program = new Command('guardrail')
    .description('A cost guardrail between BI tools and BigQuery.')
    .version(VERSION, '--version', 'print the version');
  const only = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  const commands = only === undefined ? Object.values(COMMANDS) : [only];
  for (const load of commands) program.addCommand(await load());
  return program;
}
