import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ATENDIMENTO, eventually, PROJECT, post } from '../guardrail.ts';

/** The example team with one budget, with messages in English for the tests. */
export const POLICIES = {
  'faults.yaml': `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: day, team: atendimento, window: day, limit: 1 GiB }
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`,
};

/** Writes `POLICIES` into a new folder. */
export async function layPolicies(folder: string): Promise<void> {
  await mkdir(folder);
  for (const [name, text] of Object.entries(POLICIES)) await writeFile(join(folder, name), text);
}

/** The bytes that each query of `ask` is billed: the least that BigQuery bills. */
export const BILLED = 10n << 20n;

/** The addresses of a guardrail. */
export interface Addresses {
  readonly proxyUrl: string;
  readonly opsUrl: string;
}

/** Sends one query as a bare request, so that no client retries it; by default with SQL not sent before. */
export function ask({ proxyUrl }: Pick<Addresses, 'proxyUrl'>, sql = anySql()) {
  return post(
    `${proxyUrl}/bigquery/v2/projects/${PROJECT}/queries`,
    JSON.stringify({ query: sql, useLegacySql: false }),
  );
}

/** SQL that was not sent before. */
export function anySql(): string {
  return `SELECT COUNT(*) AS n, '${randomUUID()}' AS x FROM atendimento.tickets WHERE subject != ''`;
}

/** The balance of a budget. */
export async function standing({ opsUrl }: Addresses, name = 'day') {
  const { budgets } = await opsAt(opsUrl, '/api/v1/budgets');
  const found = budgets.find((one: { budget: { name: string } }) => one.budget.name === name);
  return { used: BigInt(found.used), reserved: BigInt(found.reserved) };
}

/** Waits until so many queries are charged, and nothing is reserved or spooled. */
export async function expectCharged(at: Addresses, queries: number): Promise<void> {
  await eventually(async () => {
    expect(await standing(at)).toEqual({ used: BILLED * BigInt(queries), reserved: 0n });
    expect((await readiness(at)).body.spooled).toBe(0);
  }, 30_000);
}

export async function readiness({ opsUrl }: Addresses) {
  const answer = await fetch(`${opsUrl}/readyz`);
  // biome-ignore lint/suspicious/noExplicitAny: looked into by expectations only
  return { status: answer.status, body: (await answer.json()) as any };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape, looked into by expectations only
export async function opsAt(opsUrl: string, path: string): Promise<any> {
  return (await fetch(`${opsUrl}${path}`)).json();
}

/** The value of a metric, or null if no sample has these labels. */
export async function metricOf({ opsUrl }: Addresses, name: string, labels = ''): Promise<number | null> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name}${labels === '' ? ' ' : `{${labels}`}`));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}
