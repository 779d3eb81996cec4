import { expect } from 'vitest';
import { hits, PRICING, policyOf, type QueryOptions, TEAMS } from '../builders.ts';

const CATALOG = `
catalog:
  tables:
    - { table: guardrail-demo.atendimento.messages, status: governed, owner: dados, partition_column: Created_At }
    - { table: guardrail-demo.atendimento.old_*, status: legacy, replacement: guardrail-demo.atendimento.messages }
    - { table: guardrail-demo.atendimento.old_but_kept, status: governed }
`;

export const MESSAGES = 'guardrail-demo.atendimento.messages';

/** Whether a condition holds for a query. */
export function holds(condition: string, options: QueryOptions = {}): boolean {
  const rule = `rules:\n  - name: r\n    mode: audit\n    when: ${JSON.stringify(condition)}\n`;
  const ruleErrors: { rule: string; message: string }[] = [];
  const policy = policyOf(
    { 'a.yaml': `time_zone: America/Sao_Paulo${TEAMS}${PRICING}${CATALOG}${rule}` },
    ruleErrors,
  );
  const result = hits(policy, options).length > 0;
  expect(ruleErrors).toEqual([]);
  return result;
}
