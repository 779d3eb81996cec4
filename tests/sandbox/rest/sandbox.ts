import { BigQuery } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/sandbox.ts';

export const PROJECT = 'guardrail-demo';
export const ANA = 'ana@guardrail-demo.example';
export const BIA = 'bia@guardrail-demo.example';

/** A small sandbox for the tests of one file: the real server before the real warehouse. */
export function useSandbox(options: Partial<SandboxOptions> = {}): () => Sandbox {
  let sandbox: Sandbox | null = null;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, asOf: '2026-10-31', messages: 20_000, ...options });
  }, 120_000);
  afterAll(async () => {
    await sandbox?.close();
  });
  return () => {
    if (sandbox === null) throw new Error('the sandbox has not started');
    return sandbox;
  };
}

/** Google's own client, as a principal of the sandbox's. */
export function clientOf(sandbox: Sandbox, principal = ANA): BigQuery {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: `sandbox:${principal}` });
  return new BigQuery({ projectId: PROJECT, apiEndpoint: sandbox.url, authClient });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is empty. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape, looked into by expectations only
  readonly body: any;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly principal?: string | null;
}

/** One bare request to the API, `path` being what follows `/bigquery/v2`. */
export async function ask(sandbox: Sandbox, path: string, options: Ask = {}): Promise<Answer> {
  const { body, headers, principal = ANA } = options;
  const response = await fetch(`${sandbox.url}/bigquery/v2${path}`, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(principal === null ? {} : { authorization: `Bearer sandbox:${principal}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** One query by `jobs.query`. */
export function query(
  sandbox: Sandbox,
  sql: string,
  settings: Readonly<Record<string, unknown>> = {},
  principal = ANA,
): Promise<Answer> {
  return ask(sandbox, `/projects/${PROJECT}/queries`, {
    principal,
    body: { query: sql, useLegacySql: false, ...settings },
  });
}

/** One job by `jobs.insert`. */
export function insert(
  sandbox: Sandbox,
  configuration: Readonly<Record<string, unknown>>,
  jobReference: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  return ask(sandbox, `/projects/${PROJECT}/jobs`, { body: { jobReference, configuration } });
}

/** Too much for any machine: it ends by being cancelled. */
export const ENDLESS_SQL = `
  SELECT COUNT(*) AS n
  FROM atendimento.messages AS a
  CROSS JOIN atendimento.messages AS b
  CROSS JOIN atendimento.messages AS c
  WHERE CONCAT(a.body, b.body) < c.body`;

/** The envelope in which every error comes. */
export function envelope(
  code: number,
  status: string,
  reason: string,
  message: string,
  place: Readonly<Record<string, string>> = {},
) {
  return { error: { code, message, errors: [{ message, domain: 'global', reason, ...place }], status } };
}
