import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { errorCode } from '../foundation/text/error-code.ts';
import { yamlAdvice } from '../foundation/text/yaml-advice.ts';
import { fromOpenTelemetry } from './otel.ts';
import { parseSettings, type Settings } from './settings.ts';

const PREFIX = 'GUARDRAIL_';

/** Variables for commands that ask a running guardrail; they are not settings. */
const VARIABLES_OF_COMMANDS: ReadonlySet<string> = new Set(['GUARDRAIL_TOKEN', 'GUARDRAIL_OPERATOR_TOKEN']);

/** Settings that cannot be used; the message lists every problem. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(`The settings cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * Settings from `guardrail.yaml` in the working folder (if it exists) and from the environment, which has priority;
 * from the environment also OpenTelemetry's standard variables. `overrides` have priority over both.
 * @throws SettingsError naming every problem at once
 */
export async function loadSettings(
  environment: Readonly<Record<string, string | undefined>>,
  options: {
    readonly file?: string | undefined;
    readonly overrides?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Settings> {
  const fromFile = await readSettingsFile(options.file);
  const outcome = parseSettings({
    ...fromFile,
    ...fromOpenTelemetry(environment),
    ...fromEnvironment(environment),
    ...options.overrides,
  });
  if (!outcome.ok) throw new SettingsError(outcome.problems);
  return outcome.settings;
}

/** A variable such as GUARDRAIL_OPS_LISTEN becomes the key `ops_listen`. */
function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && value !== undefined && !VARIABLES_OF_COMMANDS.has(name))
      values[name.slice(PREFIX.length).toLowerCase()] = value;
  }
  return values;
}

async function readSettingsFile(file: string | undefined): Promise<Record<string, unknown>> {
  const path = file ?? 'guardrail.yaml';
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && file === undefined) return {};
    const problem = code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${String(error)}`;
    throw new SettingsError([`${path}: ${problem}`]);
  }
  return asMapping(path, text);
}

function asMapping(path: string, text: string): Record<string, unknown> {
  const value = yamlIn(path, text);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new SettingsError([`${path}: expected keys and values, such as "upstream: https://…"`]);
  }
  return { ...value };
}

/**
 * The content of a file. What is wrong is named by its place and YAML's code for it: the parser's messages quote the
 * file, which may hold tokens and passwords.
 */
function yamlIn(path: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    throw new SettingsError([
      `${path}: is not YAML: line ${line}, column ${col}: ${problem.code}; ${yamlAdvice(problem.code)}`,
    ]);
  }
  try {
    return document.toJS();
  } catch {
    throw new SettingsError([
      `${path}: is not YAML: it refers to what it does not define; put quotes around a text that begins with *`,
    ]);
  }
}
