import type { CaseTable } from './case-table.ts';

export const orderByWithoutLimit: CaseTable = {
  found: [
    'SELECT body FROM atendimento.messages «ORDER BY created_at»',
    'SELECT body FROM `p.atendimento.messages` WHERE a = 1 «order by created_at DESC, 2»;',
    "/* 👍 */ SELECT '👍 ORDER BY', body FROM atendimento.messages «ORDER BY -- LIMIT 5\n body» -- LIMIT 10",
    'SELECT a FROM d.t UNION ALL SELECT a FROM d.u «ORDER BY a»',
    'SELECT a FROM (SELECT a FROM d.t «ORDER BY a») WHERE a > 1',
    'WITH c AS (SELECT a, COUNT(*) AS n FROM d.t GROUP BY a «ORDER BY n») SELECT a FROM c LIMIT 10',
    'SELECT t.a FROM d.t t LEFT JOIN (SELECT a FROM d.u LIMIT 1000) u USING (a) «ORDER BY t.a»',
    'CREATE TABLE d.x AS SELECT a FROM d.t «ORDER BY a»',
    '(SELECT a FROM d.t) UNION ALL (SELECT a FROM d.u) «ORDER BY 1»',
    'SELECT a, ROW_NUMBER() OVER (ORDER BY b) AS rn FROM d.t «ORDER BY a»',
  ],
  notFound: [
    'SELECT body FROM atendimento.messages ORDER BY created_at LIMIT 100',
    'SELECT sender, COUNT(*) AS n FROM atendimento.messages GROUP BY sender ORDER BY n DESC',
    'SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS rn FROM d.t',
    "SELECT ARRAY_AGG(a ORDER BY b) AS a, STRING_AGG(c, ',' ORDER BY c) AS c FROM d.t",
    'SELECT ARRAY(SELECT a FROM d.t ORDER BY a) AS ordered',
    'SELECT x FROM UNNEST([3, 1, 2]) AS x ORDER BY x',
    'SELECT a FROM d.t UNION ALL SELECT a FROM d.u ORDER BY a LIMIT 10',
    '(SELECT a FROM d.t ORDER BY a) LIMIT 10',
    "SELECT 'ORDER BY a' AS s FROM d.t -- ORDER BY a",
    'SELECT DISTINCT status FROM atendimento.tickets ORDER BY status',
    'SELECT `order by` FROM d.t',
    'SELECT table_name FROM atendimento.INFORMATION_SCHEMA.TABLES ORDER BY table_name',
  ],
};
