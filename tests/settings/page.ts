import { z } from 'zod';
import { settingsSchema } from '../../src/settings/settings.ts';

const INTRODUCTION = `# Settings

Each is a key of \`guardrail.yaml\` in the working folder, and an environment variable, which wins. Both are read at start.
An unknown key, and a variable that begins with \`GUARDRAIL_\` and is none of these, is an error; so is a value that is not
understood, and all errors are told at once. \`GUARDRAIL_TOKEN\` and \`GUARDRAIL_OPERATOR_TOKEN\` are no settings: commands
that ask a running guardrail read them.

Of OpenTelemetry's own variables, \`OTEL_SDK_DISABLED\`, \`OTEL_TRACES_EXPORTER\`, \`OTEL_EXPORTER_OTLP_ENDPOINT\` and its like
say where traces go, unless a variable below does ([traces.md](traces.md)).

This page is made from the schema of settings. After a change, \`npm test -- tests/settings --update\` makes it anew; a test
fails until it is.
`;

/** What of a setting's schema the page tells. */
const described = z.object({
  description: z.string(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
});

/** docs/settings.md, whole. */
export function settingsPage(): string {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([key, schema]) => row(key, described.parse(schema)));
  return [
    INTRODUCTION,
    '| Key | Environment variable | Default | Meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row(key: string, { description, default: value, enum: values }: z.infer<typeof described>): string {
  const meaning =
    values === undefined ? description : `${description}: ${values.map((one) => `\`${one}\``).join(', ')}`;
  const cells = [`\`${key}\``, `\`GUARDRAIL_${key.toUpperCase()}\``, defaultText(value), meaning];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Empty lists and texts say no more than that nothing is set. */
function defaultText(value: unknown): string {
  if (value === undefined || value === '' || JSON.stringify(value) === '{}') return 'not set';
  if (Array.isArray(value) && value.length === 0) return 'not set';
  return `\`${String(value)}\``;
}
