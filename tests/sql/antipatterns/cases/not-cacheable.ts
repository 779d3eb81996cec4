import type { CaseTable } from './case-table.ts';

export const notCacheable: CaseTable = {
  found: [
    'SELECT body FROM atendimento.messages WHERE created_at > «CURRENT_TIMESTAMP()»',
    'SELECT body FROM atendimento.messages WHERE DATE(created_at) = «current_date»',
    "SELECT body FROM atendimento.messages WHERE DATE(created_at) >= DATE_SUB(«CURRENT_DATE('America/Sao_Paulo')», INTERVAL 7 DAY)",
    "/* 👍 CURRENT_DATE() */ SELECT '👍 CURRENT_DATE()', «SESSION_USER()» AS me, «RAND()» AS r FROM atendimento.messages",
    'WITH c AS (SELECT «GENERATE_UUID()» AS id, body FROM atendimento.messages) SELECT id, body FROM c',
    'SELECT a FROM d.t UNION ALL SELECT b FROM d.u WHERE day = «CURRENT_DATE»',
  ],
  notFound: [
    "SELECT body FROM atendimento.messages WHERE DATE(created_at) = '2026-01-01'",
    'SELECT CURRENT_DATE()',
    "SELECT 'CURRENT_TIMESTAMP()' AS s, body FROM atendimento.messages -- CURRENT_TIMESTAMP()",
    'SELECT `CURRENT_DATE` FROM atendimento.messages',
    'SELECT m.current_date FROM atendimento.messages AS m',
    'INSERT INTO atendimento.log (at) SELECT CURRENT_TIMESTAMP() FROM atendimento.messages',
    'SELECT dataset.current_date() FROM atendimento.messages',
    'SELECT rand FROM atendimento.messages',
    'SELECT day FROM UNNEST([CURRENT_DATE()]) AS day',
  ],
};
