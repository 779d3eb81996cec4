import type { CaseTable } from './case-table.ts';

export const noPartitionFilter: CaseTable = {
  found: [
    'SELECT body FROM «atendimento.messages»',
    'SELECT body FROM «`p.atendimento.messages`» AS m WHERE ticket_id = 7',
    "SELECT body FROM «p.atendimento.messages» WHERE sender = 'created_at' -- created_at",
    'SELECT created_at, body FROM «atendimento.messages» ORDER BY created_at DESC LIMIT 10',
    'SELECT t.status, m.body FROM atendimento.tickets t JOIN «atendimento.messages» m USING (ticket_id)',
    "SELECT body FROM atendimento.messages WHERE created_at > '2026-01-01' UNION ALL SELECT body FROM «atendimento.messages»",
    'WITH c AS (SELECT body FROM «atendimento.messages») SELECT body FROM c WHERE body IS NOT NULL',
    'SELECT status FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM «atendimento.messages»)',
    "/* 👍 */ SELECT '👍' AS thumb, body FROM «atendimento.messages»",
    'WITH messages AS (SELECT body, created_at FROM «atendimento.messages») SELECT body FROM messages',
    'CREATE TABLE atendimento.c AS SELECT body FROM «atendimento.messages»',
  ],
  notFound: [
    "SELECT body FROM atendimento.messages WHERE created_at >= '2026-01-01'",
    "SELECT body FROM `p.atendimento.messages` AS m WHERE m.`Created_At` >= '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE DATE(created_at) = '2026-01-01'",
    'SELECT subject FROM atendimento.tickets',
    "SELECT body FROM (SELECT body, created_at FROM atendimento.messages) WHERE created_at >= '2026-01-01'",
    "WITH c AS (SELECT body, created_at AS day FROM atendimento.messages) SELECT body FROM c WHERE day >= '2026-01-01'",
    "SELECT * FROM (SELECT * FROM (SELECT DATE(created_at) AS d, body FROM atendimento.messages)) WHERE d = '2026-01-01'",
    "SELECT m.body FROM atendimento.tickets t JOIN atendimento.messages m ON m.ticket_id = t.ticket_id AND m.created_at > '2026-01-01'",
    'SELECT COUNT(*) FROM atendimento.messages',
    'WITH messages AS (SELECT 1 AS body) SELECT body FROM messages',
    'SELECT body FROM other.messages',
    'SELECT body FROM atendimento.messages TABLESAMPLE SYSTEM (1 PERCENT)',
    "SELECT 'SELECT body FROM atendimento.messages' AS sql",
  ],
};
