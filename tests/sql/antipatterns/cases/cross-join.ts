import type { CaseTable } from './case-table.ts';

export const crossJoin: CaseTable = {
  found: [
    'SELECT m.body, t.subject FROM atendimento.messages m CROSS JOIN «atendimento.tickets» t',
    "SELECT m.body, t.subject FROM atendimento.messages m, «`p.atendimento.tickets`» t WHERE m.sender = 'x'",
    'SELECT m.body FROM atendimento.messages m JOIN «atendimento.tickets» t ON TRUE',
    'SELECT m.body FROM atendimento.messages m JOIN «atendimento.tickets» t ON 1 = 1',
    "/* 👍 */ SELECT '👍', m.body FROM atendimento.messages m CROSS JOIN «(SELECT subject FROM atendimento.tickets)» t",
    'WITH c AS (SELECT subject FROM atendimento.tickets) SELECT m.body FROM atendimento.messages m, «c» WHERE m.ticket_id = 3',
    'SELECT m.body FROM atendimento.messages m CROSS JOIN «atendimento.tickets» t WHERE m.sender = m.author AND t.ticket_id = 1',
    'SELECT 1 FROM `p.atendimento.tickets`, «`p.old.tickets`» WHERE `p.atendimento.tickets`.i = `p.atendimento.tickets`.k',
  ],
  notFound: [
    'SELECT 1 FROM `p.atendimento.tickets`, `p.old.tickets` WHERE `p.atendimento.tickets`.i = `p.old.tickets`.i',
    'SELECT m.body FROM atendimento.messages m JOIN atendimento.tickets t ON m.ticket_id = t.ticket_id',
    'SELECT m.body FROM atendimento.messages m, atendimento.tickets t WHERE m.ticket_id = t.ticket_id',
    'SELECT body FROM atendimento.messages, atendimento.tickets WHERE message_ticket = ticket_id',
    'SELECT m.body, tag FROM atendimento.messages m CROSS JOIN UNNEST(m.tags) AS tag',
    'SELECT m.body, tag FROM atendimento.messages m, m.tags AS tag',
    'SELECT m.body FROM atendimento.messages m CROSS JOIN (SELECT MAX(created_at) AS last FROM atendimento.tickets)',
    'WITH n AS (SELECT COUNT(*) AS n FROM atendimento.tickets) SELECT sender, n FROM atendimento.messages, n',
    'SELECT m.body FROM atendimento.messages m CROSS JOIN (SELECT DISTINCT status FROM atendimento.tickets)',
    "SELECT day, body FROM atendimento.messages CROSS JOIN UNNEST(GENERATE_DATE_ARRAY('2026-01-01', '2026-01-31')) AS day",
    "SELECT 'a CROSS JOIN b' AS s FROM atendimento.messages -- CROSS JOIN t",
    'SELECT a.x FROM d.a CROSS JOIN d.b JOIN d.c ON c.i = a.i AND c.j = b.j',
    'WITH tickets AS (SELECT 1 AS one) SELECT m.body FROM atendimento.messages m CROSS JOIN tickets',
    'SELECT m.body FROM atendimento.messages m, atendimento.zones z WHERE ST_CONTAINS(z.area, m.place)',
  ],
};
