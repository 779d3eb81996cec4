import type { CaseTable } from './case-table.ts';

export const unboundedDateRange: CaseTable = {
  found: [
    "SELECT body FROM atendimento.messages WHERE «created_at >= '2024-01-01'»",
    "SELECT body FROM atendimento.messages m WHERE sender = 'é' AND «m.created_at < TIMESTAMP '2026-02-01'» AND ticket_id > 3",
    'SELECT body FROM atendimento.messages WHERE «DATE(created_at) <= CURRENT_DATE()»',
    "SELECT body FROM `p.atendimento.messages` WHERE «TIMESTAMP '2024-01-01' < `created_at`» -- 👍",
    "SELECT body FROM atendimento.messages WHERE («created_at <= @until») AND (sender = '👍')",
    'SELECT body FROM atendimento.messages WHERE «created_at <= @span.until»',
    'SELECT body FROM atendimento.messages WHERE «DATE(created_at) > DATE(2024, 1, 1)» GROUP BY body ORDER BY body',
    "SELECT x FROM a UNION ALL SELECT body FROM atendimento.messages WHERE «created_at > '2024-01-01'» UNION ALL SELECT y FROM b",
    "SELECT subject FROM atendimento.tickets WHERE ticket_id IN (SELECT ticket_id FROM atendimento.messages WHERE «created_at > '2024-01-01'»)",
  ],
  notFound: [
    "SELECT body FROM atendimento.messages WHERE created_at >= '2024-01-01' AND created_at < '2024-02-01'",
    'SELECT body FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
    'SELECT body FROM atendimento.messages WHERE DATE(created_at) >= DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY)',
    "SELECT body FROM atendimento.messages WHERE created_at BETWEEN '2024-01-01' AND '2024-02-01'",
    "SELECT body FROM atendimento.messages WHERE DATE(created_at) = '2024-01-01'",
    'SELECT body FROM atendimento.messages WHERE created_at >= @since',
    "SELECT subject FROM atendimento.tickets WHERE created_at >= '2024-01-01'",
    "SELECT body FROM atendimento.messages WHERE created_at >= '2024-01-01' AND DATE(created_at) IN ('2024-01-02')",
    "SELECT body FROM (SELECT * FROM atendimento.messages WHERE created_at >= '2024-01-01') WHERE created_at < '2024-02-01'",
    "SELECT body FROM atendimento.messages WHERE sender = 'created_at >= 2024-01-01'",
    'SELECT body FROM atendimento.messages WHERE ticket_id > 5',
    "SELECT m.body FROM atendimento.messages m JOIN atendimento.tickets t ON m.created_at < t.closed_at WHERE m.created_at >= '2024-01-01'",
  ],
};
