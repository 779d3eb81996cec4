import { type PolicyTexts, policyTexts } from '../../../src/policy/document/folder.ts';
import type { Question } from '../../../src/policy/policy.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import type { Estimate } from '../../../src/vocabulary/estimate.ts';
import type { Tariff } from '../../../src/vocabulary/pricing.ts';
import type { SqlReading } from '../../../src/vocabulary/reading.ts';
import type { UnpricedSettlement } from '../../../src/vocabulary/unpriced-settlement.ts';
import { decision, settlement } from '../../records/builders.ts';

/** Of a card, of a table for finance, and of somebody who explores. */
const SHAPES: readonly ((day: string) => string)[] = [
  (day) =>
    `SELECT ticket_id, sender, body FROM atendimento.messages WHERE created_at >= TIMESTAMP '${day}' LIMIT 2000`,
  (day) =>
    `SELECT DATE(t.opened_at) AS day, a.team, COUNT(*) AS tickets, AVG(t.first_reply_minutes) AS reply
     FROM atendimento.tickets AS t JOIN atendimento.agents AS a ON a.agent_id = t.agent_id
     WHERE t.opened_at >= TIMESTAMP '${day}' AND t.status IN ('open', 'waiting') GROUP BY day, team ORDER BY day`,
  (day) =>
    `WITH paid AS (SELECT contract_id, SUM(amount) AS paid FROM finops.payments
       WHERE paid_at >= TIMESTAMP '${day}' GROUP BY contract_id),
     due AS (SELECT contract_id, SUM(amount) AS due FROM finops.instalments WHERE due_on >= DATE '${day}' GROUP BY contract_id)
     SELECT d.contract_id, d.due, IFNULL(p.paid, 0) AS paid, d.due - IFNULL(p.paid, 0) AS open
     FROM due AS d LEFT JOIN paid AS p USING (contract_id) WHERE d.due > IFNULL(p.paid, 0) ORDER BY open DESC LIMIT 500`,
  (day) =>
    `SELECT * EXCEPT (body), ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY created_at DESC) AS n
     FROM \`guardrail-demo.atendimento.messages\` WHERE created_at BETWEEN TIMESTAMP '${day}' AND CURRENT_TIMESTAMP()
     QUALIFY n = 1`,
];

/** So many distinct queries. */
export const QUERIES: readonly string[] = Array.from({ length: 80 }, (_, i) => {
  const day = `2026-${String((i % 11) + 1).padStart(2, '0')}-${String((i % 28) + 1).padStart(2, '0')}`;
  return SHAPES[i % SHAPES.length]?.(day) ?? '';
});

export function teamName(team: number): string {
  return `team-${team}`;
}

/** Policy files of a company whose teams have ten rules and ten budgets each. */
export function textsOf(size: { readonly rules: number; readonly budgets: number }): PolicyTexts {
  const teams = Array.from({ length: Math.max(1, size.rules / 10) }, (_, team) => teamName(team));
  const nth = (i: number) => teams[i % teams.length] ?? '';
  const text = [
    'version: 1',
    'pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }',
    'teams:',
    ...teams.map((team) => `  - { name: ${team}, principals: ["*@${team}.example"] }`),
    'budgets:',
    ...Array.from(
      { length: size.budgets },
      (_, i) =>
        `  - { name: budget-${i}, team: ${nth(i)}, window: ${i % 2 ? 'month' : 'day'}, limit: 900000 TiB }`,
    ),
    'rules:',
    ...Array.from({ length: size.rules }, (_, i) => ruleText(i, nth(i))),
  ].join('\n');
  return policyTexts([{ file: 'policies/company.yaml', text }]);
}

const CONDITIONS = [
  'query.tables.exists(t, t.dataset == \\"atendimento\\" && t.star && !t.partition_filter)',
  'query.bytes_billed > gib(50)',
  'query.joins_without_condition > 0 && query.limit < 0',
  'query.tables.exists(t, t.status == \\"legacy\\") && caller.tool == \\"metabase\\"',
  'now.hour >= 8 && now.hour < 10 && query.bytes_billed > gib(10)',
];

function ruleText(i: number, team: string): string {
  const condition = CONDITIONS[Math.floor(i / 10) % CONDITIONS.length] ?? '';
  return `  - { name: rule-${i}, mode: warn, teams: [${team}], when: "${condition}", message: { en: "Rule ${i}." } }`;
}

export function estimateOf(reading: SqlReading, principal: string): Estimate {
  return {
    principal,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: 900_000n,
    bytesBilled: 10n << 20n,
    accuracy: 'PRECISE',
    referencedTables: reading.tables.map(({ table }) => table),
    madeAtMs: Date.now(),
  };
}

export function decisionFor(
  id: string,
  { reading, estimate, cost, caller, atMs }: Question,
  sql: string,
): Decision {
  return decision({
    id,
    atMs,
    sql,
    reading,
    estimate,
    estimatedCost: cost,
    caller,
    hits: [],
    estimateCached: true,
  });
}

export function settlementFor(decisionId: string, tariff: Tariff): UnpricedSettlement {
  const {
    cost: _cost,
    freeBytes: _freeBytes,
    ...settled
  } = settlement({ decisionId, bytesBilled: 10n << 20n });
  const atMs = Date.now();
  return { ...settled, atMs, admittedAtMs: atMs - 300, price: { tariff, freeBytesPerMonth: 0n } };
}
