import { Option } from 'commander';

/** The settings option of a command that uses them. */
export function configOption(): Option {
  return new Option('--config <file>', 'settings file (default: guardrail.yaml, if there is one)');
}

/** The credential option of a command that asks the warehouse. */
export function tokenOption(): Option {
  return new Option(
    '--token <token>',
    'bearer token (default: GUARDRAIL_TOKEN, else application default credentials)',
  );
}
