#!/usr/bin/env node
import { Command } from 'commander';
import { catalogCommand } from './commands/catalog.ts';
import { demoCommand } from './commands/demo.ts';
import { grantCommand } from './commands/grant.ts';
import { policyCommand } from './commands/policy.ts';
import { queryCommand } from './commands/query.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { recordsCommand } from './commands/records.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { serveCommand } from './commands/serve.ts';
import { showbackCommand } from './commands/showback.ts';
import { spendCommand } from './commands/spend.ts';

const program = new Command('guardrail')
  .description('A cost guardrail between BI tools and BigQuery.')
  .addCommand(serveCommand())
  .addCommand(demoCommand())
  .addCommand(sandboxCommand())
  .addCommand(policyCommand())
  .addCommand(catalogCommand())
  .addCommand(queryCommand())
  .addCommand(spendCommand())
  .addCommand(showbackCommand())
  .addCommand(grantCommand())
  .addCommand(reconcileCommand())
  .addCommand(recordsCommand());

try {
  await program.parseAsync();
} catch (error) {
  // Errors that people can do something about say so in their message; a stack would bury it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // A command may have said already what its failure is.
  process.exitCode ||= 1;
}
