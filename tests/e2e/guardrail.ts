import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Guardrail, startGuardrail } from '../../src/service/guardrail.ts';
import { parseSettings, type Settings } from '../../src/settings/settings.ts';
import { type Gate, startGate } from './gate.ts';

export const PROJECT = 'guardrail-demo';
export const ATENDIMENTO = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';
export const FINOPS = 'metabase-finops@guardrail-demo.iam.gserviceaccount.com';

export interface HouseOptions {
  /** Policy files by name, in place of the example policies. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Values, or a function for values that are known only once other services are up. */
  readonly settings?: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>);
  /** Puts a gate between guardrail and the sandbox, at which a test can hold queries back. */
  readonly gated?: boolean;
  readonly sandbox?: Partial<SandboxOptions>;
}

/** A real sandbox, and a real guardrail in front of it, for the tests of one file. */
export interface House {
  sandbox(): Sandbox;
  guardrail(): Guardrail;
  /** The gate between guardrail and the sandbox, with the option `gated`. */
  gate(): Gate;
  /** The address of the ledger, as in the settings. */
  ledger(): string;
  /** Folder of the policy files in force. */
  policies(): string;
  /** Google's own client, pointed at the proxy. */
  client(principal?: string): BigQuery;
  /** The same client, pointed straight at the sandbox. */
  direct(principal?: string): BigQuery;
  /** Stops guardrail and starts another on the same ledger. */
  restart(): Promise<void>;
  /** Stops guardrail, for tests that start it again later with `restart`. */
  stop(): Promise<void>;
  /** The answer of the operators' API at a path. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  ops(path: string): Promise<any>;
  /** The value of a metric, or null if no sample has these labels. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | null>;
}

export function useHouse(options: HouseOptions = {}): House {
  let folder = '';
  let sandbox: Sandbox | null = null;
  let gate: Gate | null = null;
  let guardrail: Guardrail | null = null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guardrail-e2e-'));
    await layPolicies(join(folder, 'policies'), options.policies);
    sandbox = await startSandbox({ port: 0, messages: 60_000, ...options.sandbox });
    if (options.gated) gate = await startGate(sandbox.url);
    guardrail = await startGuardrail(settingsFor(), pino({ level: 'silent' }));
  });
  afterAll(async () => {
    gate?.open();
    await guardrail?.close();
    await gate?.close();
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function settingsFor(): Settings {
    return settings({
      upstream: gate?.url ?? opened(sandbox).url,
      policies: join(folder, 'policies'),
      ledger: `sqlite:${join(folder, 'ledger.db')}`,
      ledger_spool: join(folder, 'spool.jsonl'),
      token_info_url: `${opened(sandbox).url}/oauth2/tokeninfo`,
      ...(typeof options.settings === 'function' ? options.settings() : options.settings),
    });
  }

  const house: House = {
    sandbox: () => opened(sandbox),
    guardrail: () => opened(guardrail),
    gate: () => opened(gate),
    ledger: () => settingsFor().ledger,
    policies: () => join(folder, 'policies'),
    client: (principal = ATENDIMENTO) => clientAt(opened(guardrail).proxyUrl, principal),
    direct: (principal = ATENDIMENTO) => clientAt(opened(sandbox).url, principal),
    async stop() {
      await guardrail?.close();
      guardrail = null;
    },
    async restart() {
      await house.stop();
      guardrail = await startGuardrail(settingsFor(), pino({ level: 'silent' }));
    },
    ops: async (path) => (await fetch(`${opened(guardrail).opsUrl}${path}`)).json(),
    async metric(name, labels = {}) {
      const text = await (await fetch(`${opened(guardrail).opsUrl}/metrics`)).text();
      return sampleOf(text, name, labels);
    },
  };
  return house;
}

/**
 * Settings that listen on any free port, with the spool in a file next to the ledger. SQL is read in one process, which takes
 * half a second of processor time to start.
 */
export function settings(values: Readonly<Record<string, unknown>>): Settings {
  const parsed = parseSettings({
    listen: '127.0.0.1:0',
    ops_listen: '127.0.0.1:0',
    read_processes: 1,
    ledger_spool: `${String(values['ledger']).replace(/^sqlite:/, '')}-spool.jsonl`,
    ...values,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
}

/** Google's own client, as a principal of the sandbox. */
export function clientAt(url: string, principal: string): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: `sandbox:${principal}` });
  return new BigQuery({ projectId: PROJECT, apiEndpoint: url, authClient });
}

/** One bare request to the proxy. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
  readonly body: any;
}> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer sandbox:${ATENDIMENTO}`,
      'content-type': 'application/json',
      ...headers,
    },
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** Retries a check until it passes, for what happens after an answer. */
export async function eventually(check: () => Promise<void>, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function layPolicies(
  folder: string,
  files: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  if (files === undefined) {
    await cp('policies', folder, { recursive: true });
    return;
  }
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

function opened<T>(part: T | null): T {
  if (part === null) throw new Error('the house is not open');
  return part;
}

function sampleOf(text: string, name: string, labels: Readonly<Record<string, string>>): number | null {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const line = text
    .split('\n')
    .find((one) => new RegExp(`^${name}[{ ]`).test(one) && wanted.every((label) => one.includes(label)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}
