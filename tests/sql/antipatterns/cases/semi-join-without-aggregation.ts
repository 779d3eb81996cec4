import type { CaseTable } from './case-table.ts';

export const semiJoinWithoutAggregation: CaseTable = {
  found: [
    'SELECT subject FROM atendimento.tickets WHERE ticket_id «IN (SELECT ticket_id FROM atendimento.messages)»',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id «NOT IN (SELECT ticket_id FROM `p.atendimento.messages`)» AND a = 1',
    "/* 👍 IN (SELECT 1) */ SELECT subject FROM atendimento.tickets WHERE s = '👍' AND ticket_id «in -- é\n (SELECT ticket_id FROM atendimento.messages WHERE sender = ')')»",
    'SELECT subject FROM atendimento.tickets WHERE (a, b) «IN (SELECT (a, b) FROM atendimento.messages)»',
    'SELECT subject FROM atendimento.tickets WHERE a «IN (SELECT a FROM d.t WHERE b «IN (SELECT b FROM d.u)»)»',
    'WITH c AS (SELECT ticket_id FROM atendimento.messages) SELECT subject FROM atendimento.tickets WHERE ticket_id «IN (SELECT ticket_id FROM c)»',
    'DELETE FROM atendimento.tickets WHERE ticket_id «IN (SELECT ticket_id FROM atendimento.messages)»',
  ],
  notFound: [
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT DISTINCT ticket_id FROM atendimento.messages)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM atendimento.messages GROUP BY ticket_id)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT MAX(ticket_id) FROM atendimento.messages)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (1, 2, 3)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN UNNEST(@ids)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT id FROM UNNEST([1, 2]) AS id)',
    'WITH ids AS (SELECT DISTINCT ticket_id FROM atendimento.messages) SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM ids)',
    'SELECT subject FROM atendimento.tickets t WHERE EXISTS (SELECT 1 FROM atendimento.messages m WHERE m.ticket_id = t.ticket_id)',
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM d.a UNION DISTINCT SELECT ticket_id FROM d.b)',
    "SELECT subject FROM atendimento.tickets WHERE subject = 'IN (SELECT ticket_id FROM t)'",
    'SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM atendimento.messages LIMIT 100)',
  ],
};
