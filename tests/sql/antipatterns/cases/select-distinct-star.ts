import type { CaseTable } from './case-table.ts';

export const selectDistinctStar: CaseTable = {
  found: [
    '«SELECT DISTINCT *» FROM atendimento.messages',
    '/* é */ «select distinct *» from `p.atendimento.messages` where ticket_id = 1',
    '«SELECT DISTINCT m.*» FROM atendimento.messages AS m JOIN atendimento.tickets AS t USING (ticket_id)',
    'SELECT COUNT(*) FROM («SELECT DISTINCT *» FROM atendimento.messages)',
    'SELECT x FROM a UNION ALL «SELECT -- 👍\n DISTINCT *» FROM atendimento.messages',
  ],
  notFound: [
    'SELECT * FROM atendimento.messages',
    'SELECT DISTINCT ticket_id FROM atendimento.messages',
    'SELECT COUNT(DISTINCT ticket_id) FROM atendimento.messages',
    'WITH c AS (SELECT sender FROM atendimento.messages) SELECT DISTINCT * FROM c',
    'SELECT DISTINCT * EXCEPT (body) FROM atendimento.messages',
    "SELECT 'SELECT DISTINCT * FROM t' AS sql, body FROM atendimento.messages",
    'SELECT DISTINCT * FROM UNNEST([1, 1, 2])',
    'SELECT DISTINCT t.* FROM UNNEST([STRUCT(1 AS a)]) AS t CROSS JOIN atendimento.messages',
    'SELECT ALL * FROM atendimento.messages UNION DISTINCT SELECT * FROM atendimento.messages',
  ],
};
