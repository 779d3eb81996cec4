import type { CaseTable } from './case-table.ts';

export const functionAroundPartitionColumn: CaseTable = {
  found: [
    "SELECT body FROM atendimento.messages WHERE «FORMAT_TIMESTAMP('%Y-%m', created_at)» = '2026-01'",
    "SELECT body FROM atendimento.messages m WHERE «EXTRACT(YEAR FROM m.created_at)» = 2026 AND sender = 'x'",
    "SELECT body FROM atendimento.messages WHERE '2026-01' = /* 👍 */ «SUBSTR(CAST(created_at AS STRING), 1, 7)»",
    "SELECT body FROM atendimento.messages WHERE «TIMESTAMP_ADD(created_at, INTERVAL 6 HOUR)» > TIMESTAMP '2026-01-01'",
    "SELECT body FROM `p.atendimento.messages` WHERE («CAST(`created_at` AS STRING)» LIKE '2026-01%' OR sender = 'é👍')",
    'SELECT body FROM atendimento.messages WHERE «UNIX_SECONDS(created_at)» BETWEEN 1700000000 AND 1700086400',
    'SELECT body FROM atendimento.messages WHERE «EXTRACT(MONTH FROM created_at)» IN (1, 2)',
    'SELECT m.body FROM atendimento.tickets t JOIN atendimento.messages m ON m.ticket_id = t.ticket_id AND «EXTRACT(YEAR FROM m.created_at)» = 2026',
    'SELECT 1 FROM (SELECT body FROM atendimento.messages WHERE «COALESCE(created_at, TIMESTAMP(NULL))» > @since)',
  ],
  notFound: [
    "SELECT body FROM atendimento.messages WHERE created_at >= '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE DATE(created_at) = '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE CAST(created_at AS DATE) = '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE TIMESTAMP_TRUNC(created_at, DAY) = TIMESTAMP '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE EXTRACT(DATE FROM created_at AT TIME ZONE 'America/Sao_Paulo') = '2026-01-01'",
    "SELECT body FROM atendimento.messages WHERE EXTRACT(DAYOFWEEK FROM created_at) = 1 AND created_at >= '2026-01-01'",
    'SELECT EXTRACT(YEAR FROM created_at) AS y FROM atendimento.messages GROUP BY y',
    "SELECT body FROM atendimento.messages WHERE LOWER(sender) = 'agent'",
    "SELECT subject FROM atendimento.tickets WHERE FORMAT_TIMESTAMP('%Y', created_at) = '2026'",
    "SELECT body FROM atendimento.messages WHERE sender = 'EXTRACT(YEAR FROM created_at) = 2026'",
    'SELECT body FROM atendimento.messages m WHERE m.created_at > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)',
    "WITH messages AS (SELECT 'a' AS created_at) SELECT 1 FROM messages WHERE LOWER(created_at) = 'a'",
    'SELECT body FROM atendimento.messages m JOIN atendimento.tickets t ON EXTRACT(YEAR FROM m.created_at) = t.year',
  ],
};
