import type { CaseTable } from './case-table.ts';

export const limitSavesNoBytes: CaseTable = {
  found: [
    'SELECT body FROM atendimento.messages «LIMIT 10»',
    'SELECT * FROM `p.atendimento.messages` «limit 2000»',
    'SELECT body FROM (SELECT * FROM atendimento.messages) AS source «LIMIT 10»',
    'WITH c AS (SELECT body FROM atendimento.messages) SELECT body FROM c «LIMIT 5 OFFSET 5»',
    "/* 👍 */ SELECT '👍' AS a, body -- LIMIT 3\nFROM atendimento.messages «LIMIT 10»;",
  ],
  notFound: [
    'SELECT body FROM atendimento.messages',
    "SELECT body FROM atendimento.messages WHERE created_at >= '2026-01-01' LIMIT 10",
    'SELECT body FROM atendimento.messages ORDER BY created_at DESC LIMIT 10',
    'SELECT sender, COUNT(*) FROM atendimento.messages GROUP BY sender LIMIT 10',
    'SELECT body FROM atendimento.messages LIMIT 1048575',
    'SELECT COUNT(*) FROM atendimento.messages LIMIT 1',
    'SELECT 1 FROM atendimento.messages LIMIT 1',
    'SELECT body FROM atendimento.messages TABLESAMPLE SYSTEM (1 PERCENT) LIMIT 10',
    "SELECT body FROM (SELECT body FROM atendimento.messages WHERE created_at > '2026-01-01') LIMIT 10",
    'SELECT * FROM UNNEST([1, 2, 3]) LIMIT 2',
    'SELECT table_name FROM atendimento.INFORMATION_SCHEMA.TABLES LIMIT 10',
    "SELECT 'LIMIT 10' AS s, body FROM atendimento.messages",
  ],
};
