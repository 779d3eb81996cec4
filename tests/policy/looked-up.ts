import { expect } from 'vitest';
import type { Background } from '../../src/policy/policy.ts';
import { tableNamed } from '../../src/vocabulary/table.ts';
import type { TableDefinition } from '../../src/vocabulary/table-definition.ts';
import { hits, PRICING, policyOf, type QueryOptions, TEAMS } from './builders.ts';

export const GIB = 1n << 30n;
export const MESSAGES = 'guardrail-demo.atendimento.messages';
export const TICKETS = 'guardrail-demo.atendimento.tickets';

const CATALOG = `
catalog:
  tables:
    - { table: ${MESSAGES}, partition_column: created_at }
`;

export const BUDGETS = `
budgets:
  - { name: day, team: atendimento, window: day, limit: 20 GiB }
  - { name: month, team: atendimento, window: month, limit: 300 BRL }
  - { name: slots, team: finops, window: day, limit: 40 slot-hours }
`;

/** A policy whose only rule, for team atendimento, has this condition. */
export function policyWhen(condition: string, ruleErrors: { rule: string; message: string }[] = []) {
  const rule = `rules: [{ name: r, mode: audit, teams: [atendimento], when: ${JSON.stringify(condition)} }]\n`;
  return policyOf({ 'a.yaml': `${TEAMS}${PRICING}${CATALOG}${BUDGETS}${rule}` }, ruleErrors);
}

/** Whether a condition holds for a query. */
export function holds(condition: string, options: QueryOptions = {}): boolean {
  const ruleErrors: { rule: string; message: string }[] = [];
  const result = hits(policyWhen(condition, ruleErrors), options).length > 0;
  expect(ruleErrors).toEqual([]);
  return result;
}

export function definition(changes: Partial<TableDefinition> = {}): TableDefinition {
  return {
    table: tableNamed(TICKETS),
    kind: 'TABLE',
    columns: [],
    partitionColumn: null,
    clusterColumns: [],
    bytes: null,
    ...changes,
  };
}

export const withDefinition = (changes: Partial<TableDefinition>, name = TICKETS): Background => ({
  definitions: new Map([[name, definition(changes)]]),
});
