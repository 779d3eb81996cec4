import { ATENDIMENTO } from './guardrail.ts';

/** A policy with one team and its monthly budget in dollars. @param more lines of `pricing`, indented */
export function pricedPolicy(more: string): string {
  return `version: 1
teams:
  - { name: atendimento, language: en, principals: ["${ATENDIMENTO}"] }
budgets:
  - { name: atendimento-month, team: atendimento, window: month, limit: 10 USD }
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
${more}
`;
}
