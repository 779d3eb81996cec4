import type { Policy } from '../../../src/policy/policy.ts';
import { readCases } from '../../../src/rehearsal/cases/read-cases.ts';
import { type CaseOutcome, runCase } from '../../../src/rehearsal/cases/run-case.ts';
import { folderOf, PRICING, policyOf, TEAMS } from '../../policy/builders.ts';

export const NOW = Date.UTC(2026, 10, 24, 12);

const policy = policyOf({
  'base.yaml': TEAMS + PRICING,
  'rules.yaml': `
rules:
  - { name: no-star, mode: deny, when: query.star, message: { en: Name the columns., pt-BR: Escolha as colunas. } }
  - { name: large, mode: audit, when: query.bytes_billed > gib(1) }
  - { name: cap, teams: [finops], maximum_bytes_billed: 2 GiB }
  - { name: no-partition, mode: audit, teams: [finops], when: 'query.tables.exists(t, t.partitioned_by != "" && !t.partition_filter)' }
  - { name: no-cluster, mode: audit, teams: [finops], when: 'query.tables.exists(t, t.clustered_by.size() > 0 && !t.cluster_filter)' }
  - { name: dearer, mode: audit, teams: [finops], when: history.runs >= 20 && query.cost > history.p95_cost && history.last_seen_hours < 2.0 }
budgets:
  - { name: slots, team: atendimento, window: day, limit: 2 slot-hours }
  - { name: day, team: finops, window: day, limit: 10 GiB }
`,
});

export async function outcomesOf(cases: string, by: Policy = policy): Promise<readonly CaseOutcome[]> {
  const folder = await folderOf({ 'a.yaml': `version: 1\ndefaults: { as: finops }\ncases:\n${cases}` });
  const read = await readCases(folder, by);
  return Promise.all(read.map((one) => runCase(by, one, NOW)));
}

export async function differencesOf(one: string, by: Policy = policy): Promise<readonly string[]> {
  const [outcome] = await outcomesOf(`  - name: a case\n${one.replace(/^/gm, '    ')}\n`, by);
  return (outcome?.differences ?? []).map(({ of, expected, got }) => `${of}: ${expected} | ${got}`);
}
