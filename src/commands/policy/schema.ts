import { Argument, Command } from 'commander';
import { policyJsonSchema } from '../../policy/document/json-schema.ts';
import { caseJsonSchema } from '../../rehearsal/cases/case-schema.ts';
import { examples } from '../shared/examples.ts';

const SCHEMAS = { policies: policyJsonSchema, cases: caseJsonSchema };

/** `guardrail policy schema`: what an editor needs to complete and check policy files. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'Print the JSON Schema of policy files, or of their test cases, for editors: ' +
        'guardrail policy schema > policies/schema.json',
    )
    .addHelpText(
      'after',
      examples('policy schema > policies/schema.json', 'policy schema cases > policies/tests/schema.json'),
    )
    .addArgument(new Argument('[files]', 'which files').choices(Object.keys(SCHEMAS)).default('policies'))
    .action((files: keyof typeof SCHEMAS) => {
      process.stdout.write(`${JSON.stringify(SCHEMAS[files](), null, 2)}\n`);
    });
}
