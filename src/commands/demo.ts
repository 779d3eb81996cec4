import { Command } from 'commander';
import type { DemoRun } from './demo/run.ts';
import { examples } from './shared/examples.ts';
import { count, countOrNone, port } from './shared/option-values.ts';

const SANDBOX_PORT = 9050;

/** `guardrail demo`: everything in one process, with made-up data. What `npm start` runs. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Try it: run sandbox, example policies, ledger and proxy in one process.')
    .addHelpText('after', examples('demo', 'demo --no-traffic --messages 100000'))
    .option('--messages <count>', 'rows of atendimento.messages (default: 3000000)', count)
    .option('--sandbox-port <number>', 'port of the sandbox', port, SANDBOX_PORT)
    .option('--no-traffic', 'only you send queries; otherwise, made-up people look at dashboards')
    .option('--seed <number>', 'decides who sends which query, and when', countOrNone, 1)
    .action(async (run: DemoRun) => {
      const { runDemo } = await import('./demo/run.ts');
      await runDemo(run);
    });
}
