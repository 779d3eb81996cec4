import type { CaseTable } from './case-table.ts';

export const exactCountDistinct: CaseTable = {
  found: [
    'SELECT «COUNT(DISTINCT sender)» FROM atendimento.messages',
    'SELECT DATE(created_at) AS day, «count( distinct m.sender )» AS n FROM atendimento.messages AS m GROUP BY day',
    "/* 👍 */ SELECT '👍 COUNT(DISTINCT a)', «COUNT(DISTINCT IF(sender = ')', ticket_id, NULL))» FROM atendimento.messages",
    'SELECT SAFE_DIVIDE(«COUNT(DISTINCT a)», «COUNT(DISTINCT b)») FROM d.t',
    'WITH c AS (SELECT sender FROM atendimento.messages) SELECT «COUNT(DISTINCT `sender`)» FROM c',
    'SELECT COUNT(a), «COUNT(DISTINCT a)» FROM d.t UNION ALL SELECT 1, «COUNT(DISTINCT b)» FROM d.u',
  ],
  notFound: [
    'SELECT APPROX_COUNT_DISTINCT(sender) FROM atendimento.messages',
    'SELECT COUNT(sender) FROM atendimento.messages',
    'SELECT COUNT(*) FROM atendimento.messages',
    "SELECT 'COUNT(DISTINCT sender)' AS s, body FROM atendimento.messages -- COUNT(DISTINCT body)",
    'SELECT sender FROM atendimento.messages GROUP BY sender HAVING COUNT(DISTINCT ticket_id) = 1',
    'SELECT COUNT(DISTINCT x) FROM UNNEST([1, 1, 2]) AS x',
    'SELECT DISTINCT COUNT(sender) FROM atendimento.messages GROUP BY ticket_id',
    'SELECT SUM(DISTINCT a) FROM d.t',
    'SELECT COUNT(DISTINCT table_name) FROM atendimento.INFORMATION_SCHEMA.TABLES',
  ],
};
