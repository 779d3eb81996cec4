import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyRejected } from '../../src/policy/document/errors.ts';
import { policyFrom } from '../../src/policy/load.ts';
import type { Background, Policy, Question } from '../../src/policy/policy.ts';
import { readSql } from '../../src/sql/read-sql.ts';
import type { Bytes } from '../../src/vocabulary/bytes.ts';
import type { Caller } from '../../src/vocabulary/caller.ts';
import type { Estimate } from '../../src/vocabulary/estimate.ts';
import { costOf, tariffFor } from '../../src/vocabulary/pricing.ts';
import { tableNamed } from '../../src/vocabulary/table.ts';

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

type RuleError = { readonly rule: string; readonly message: string };

/** A policy from files given by name; `version: 1` is added at the top of each. */
export function policyOf(
  files: Readonly<Record<string, string>>,
  ruleErrors: RuleError[] = [],
  nowMs?: number,
): Policy {
  const texts = Object.entries(files).map(([name, text]) => ({
    file: `policies/${name}`,
    text: `version: 1\n${text}`,
  }));
  return policyFrom(
    'policies',
    { files: texts, version: 'abc' },
    {
      onRuleError: (failure) => ruleErrors.push(failure),
      ...(nowMs === undefined ? {} : { now: () => nowMs }),
    },
  );
}

/** A policy with two teams and these rules. */
export function policyWithRules(rules: string, ruleErrors: RuleError[] = []): Policy {
  return policyOf({ 'base.yaml': TEAMS + PRICING, 'rules.yaml': `rules:\n${rules}` }, ruleErrors);
}

/** The errors in one file, loaded together with a valid file of teams and pricing. */
export function errorsIn(text: string): readonly string[] {
  return errorsOf({ 'a.yaml': text, 'base.yaml': `version: 1${TEAMS}${PRICING}` });
}

/** The errors of rejected files, each as text; the files are loaded exactly as written. */
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

export interface QueryOptions {
  readonly sql?: string;
  readonly principal?: string | null;
  readonly bytes?: Bytes;
  readonly references?: readonly string[];
  readonly views?: readonly string[];
  readonly accuracy?: Estimate['accuracy'];
  readonly caller?: Partial<Caller>;
  readonly atMs?: number;
  readonly resultCached?: boolean;
  readonly routines?: readonly string[];
  readonly background?: Background;
}

/** A question to a policy about real SQL; by default about a small SELECT by the Metabase of team atendimento. */
export function question(policy: Policy, options: QueryOptions = {}): Question {
  const { sql = 'SELECT 1', principal = 'metabase@x.example', bytes = 10n << 20n } = options;
  const estimate: Estimate = {
    principal,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: bytes,
    bytesBilled: bytes,
    accuracy: options.accuracy ?? 'PRECISE',
    referencedTables: (options.references ?? []).map(tableNamed),
    referencedViews: options.views?.map(tableNamed),
    resultCached: options.resultCached,
    referencedRoutines: options.routines,
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
    caller: { principal, team: team.name, ...nobody, ...options.caller },
    team,
    atMs: options.atMs ?? Date.UTC(2026, 10, 24, 12),
    background: options.background ?? {},
  };
}

/** The names and modes of the rules that a query hits: `rule mode`. */
export function hits(policy: Policy, options: QueryOptions = {}): readonly string[] {
  return policy.decide(question(policy, options)).hits.map(({ rule, mode }) => `${rule} ${mode}`);
}

/** Writes files into a new folder and returns its path. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-policies-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}
