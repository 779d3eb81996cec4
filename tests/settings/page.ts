import { z } from 'zod';
import { settingsSchema } from '../../src/settings/settings.ts';

const INTRODUCTION = `# Settings

Each setting is a key in \`guardrail.yaml\` in the working folder and an environment variable; the variable takes precedence.
Both are read at startup. An unknown key is an error, as is an unknown variable that begins with \`GUARDRAIL_\`, or a value that
guardrail does not understand; all errors are reported at once. So is a variable such as \`\${NAME}\` in a value:
guardrail fills in none. \`GUARDRAIL_TOKEN\` and \`GUARDRAIL_OPERATOR_TOKEN\` are not settings: commands that talk to a
running guardrail read them.

OpenTelemetry's own variables, such as \`OTEL_SDK_DISABLED\`, \`OTEL_TRACES_EXPORTER\` and \`OTEL_EXPORTER_OTLP_ENDPOINT\`, decide
where traces go, unless a variable below does ([traces.md](traces.md)).

This page is generated from the schema of settings. After a change, run \`npm test -- tests/settings --update\`; a test fails
until you do.
`;

/** The parts of a setting's schema that the page shows. */
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

/** The default as shown; empty lists and strings are shown as not set. */
function defaultText(value: unknown): string {
  if (value === undefined || value === '' || JSON.stringify(value) === '{}') return 'not set';
  if (Array.isArray(value) && value.length === 0) return 'not set';
  return `\`${String(value)}\``;
}
