import type { CaseTable } from './case-table.ts';

export const dynamicPredicate: CaseTable = {
  found: [
    'SELECT body FROM atendimento.messages WHERE created_at >= «(SELECT MAX(loaded_at) FROM atendimento.loads)»',
    "SELECT body FROM atendimento.messages m WHERE DATE(m.created_at) IN «(SELECT day FROM finops.days)» AND sender = 'é'",
    'SELECT body FROM `p.atendimento.messages` WHERE created_at BETWEEN «(SELECT MIN(a) FROM d.t)» AND @until',
    'SELECT body FROM atendimento.messages WHERE «(SELECT MAX(loaded_at) FROM atendimento.loads)» <= created_at',
    "/* 👍 */ SELECT '👍', body FROM atendimento.messages WHERE created_at = «(\n  SELECT /* (é */ MAX(x) FROM d.t\n)»",
    'SELECT body FROM atendimento.messages WHERE created_at > TIMESTAMP_SUB(«(SELECT MAX(x) FROM d.t)», INTERVAL 1 DAY)',
    'WITH last AS (SELECT MAX(x) AS x FROM d.t) SELECT body FROM atendimento.messages WHERE created_at = «(SELECT x FROM last)»',
  ],
  notFound: [
    'SELECT body FROM atendimento.messages WHERE ticket_id IN (SELECT ticket_id FROM atendimento.tickets)',
    "SELECT body FROM atendimento.messages WHERE created_at >= '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE created_at >= '2026-01-01' AND created_at > (SELECT MAX(x) FROM d.t)",
    'SELECT subject FROM atendimento.tickets WHERE created_at >= (SELECT MAX(x) FROM d.t)',
    'SELECT body FROM atendimento.messages WHERE DATE(created_at) IN UNNEST(@days)',
    "SELECT body FROM atendimento.messages WHERE created_at > '(SELECT MAX(x) FROM d.t)' -- created_at > (SELECT 1 FROM t)",
    'SELECT body FROM atendimento.messages WHERE EXISTS (SELECT 1 FROM d.t WHERE x = created_at)',
    'SELECT (SELECT MAX(x) FROM d.t) AS created_at, body FROM atendimento.messages',
    'SELECT body FROM atendimento.messages WHERE created_at NOT IN (SELECT x FROM d.t)',
  ],
};
