import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyRejected } from '../../src/policy/document/errors.ts';
import { policyFrom } from '../../src/policy/load.ts';
import type { Background, Policy, Question } from '../../src/policy/policy.ts';
import { readSql } from '../../src/sql/read.ts';
import type { Bytes } from '../../src/vocabulary/bytes.ts';
import type { Caller } from '../../src/vocabulary/caller.ts';
import type { Estimate } from '../../src/vocabulary/estimate.ts';
import { costOf, tariffFor } from '../../src/vocabulary/pricing.ts';
import type { TableReference } from '../../src/vocabulary/table.ts';

export const PRICING = `
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25", southamerica-east1: "9.00" }
  exchange_rates:
    - { to: BRL, rate: "5.35", as_of: 2026-11-01 }
`;

export const TEAMS = `
teams:
  - name: atendimento
    title: Atendimento
    language: pt-BR
    principals: [metabase@x.example, "*@atendimento.example"]
  - name: finops
    principals: [metabase-finops@x.example]
`;

type Told = { readonly rule: string; readonly message: string };

/** A policy of files given by name; `version: 1` is put before each. */
export function policyOf(files: Readonly<Record<string, string>>, told: Told[] = [], nowMs?: number): Policy {
  const texts = Object.entries(files).map(([name, text]) => ({
    file: `policies/${name}`,
    text: `version: 1\n${text}`,
  }));
  return policyFrom(
    'policies',
    { files: texts, version: 'abc' },
    {
      onRuleError: (failure) => told.push(failure),
      ...(nowMs === undefined ? {} : { now: () => nowMs }),
    },
  );
}

/** A policy with two teams and the rules of a text. */
export function policyWithRules(rules: string, told: Told[] = []): Policy {
  return policyOf({ 'base.yaml': TEAMS + PRICING, 'rules.yaml': `rules:\n${rules}` }, told);
}

/** The errors of one file beside a good one with teams and pricing. */
export function errorsIn(text: string): readonly string[] {
  return errorsOf({ 'a.yaml': text, 'base.yaml': `version: 1${TEAMS}${PRICING}` });
}

/** The errors of files that are not taken, each as its text; they stand as written, no line is put before them. */
export function errorsOf(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    policyFrom('policies', {
      files: Object.entries(files).map(([name, text]) => ({ file: `policies/${name}`, text })),
      version: 'abc',
    });
    return [];
  } catch (error) {
    if (error instanceof PolicyRejected) return error.errors.map(String);
    throw error;
  }
}

export interface Asked {
  readonly sql?: string;
  readonly principal?: string | null;
  readonly bytes?: Bytes;
  readonly references?: readonly string[];
  readonly accuracy?: Estimate['accuracy'];
  readonly caller?: Partial<Caller>;
  readonly atMs?: number;
  readonly resultCached?: boolean;
  readonly background?: Background;
}

/** A question to a policy about real SQL; by default a small SELECT of team atendimento's Metabase. */
export function question(policy: Policy, asked: Asked = {}): Question {
  const { sql = 'SELECT 1', principal = 'metabase@x.example', bytes = 10n << 20n } = asked;
  const estimate: Estimate = {
    principal,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: bytes,
    bytesBilled: bytes,
    accuracy: asked.accuracy ?? 'PRECISE',
    referencedTables: (asked.references ?? []).map(tableOf),
    resultCached: asked.resultCached,
    madeAtMs: 0,
  };
  const team = policy.teamOf(principal);
  const projectId = 'guardrail-demo';
  const nobody = { tool: null, person: null, dashboard: null, card: null };
  return {
    reading: readSql(sql, {
      projectId,
      defaultDataset: { datasetId: 'atendimento' },
    }),
    estimate,
    cost: costOf(
      { bytesBilled: bytes, slotMs: 0n },
      tariffFor({ projectId, location: 'US', models: 'none' }, policy.pricing),
    ),
    caller: { principal, team: team.name, ...nobody, ...asked.caller },
    team,
    atMs: asked.atMs ?? Date.UTC(2026, 10, 24, 12),
    background: asked.background ?? {},
  };
}

function tableOf(name: string): TableReference {
  const [projectId = '', datasetId = '', tableId = ''] = name.split('.');
  return { projectId, datasetId, tableId };
}

/** The names and modes of the rules that a query hits: `rule mode`. */
export function hits(policy: Policy, asked: Asked = {}): readonly string[] {
  return policy.decide(question(policy, asked)).hits.map(({ rule, mode }) => `${rule} ${mode}`);
}

/** Writes files into a new folder and tells its path. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-policies-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}
