import { Command } from 'commander';
import { policyJsonSchema } from '../policy/json-schema.ts';

/** `guardrail policy schema`: what an editor needs to complete and check policy files while they are written. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'Print the JSON Schema of policy files, for editors: guardrail policy schema > policies/schema.json',
    )
    .action(() => {
      process.stdout.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
    });
}
