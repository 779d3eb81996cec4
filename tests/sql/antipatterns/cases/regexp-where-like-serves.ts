import type { CaseTable } from './case-table.ts';

export const regexpWhereLikeServes: CaseTable = {
  found: [
    "SELECT body FROM atendimento.messages WHERE «REGEXP_CONTAINS(body, '.*refund.*')»",
    "SELECT body FROM atendimento.messages m WHERE a = 1 AND NOT «regexp_contains(LOWER(m.body), r'^hello')»",
    "/* 👍 */ SELECT '👍', «REGEXP_CONTAINS(body, r'café$')» AS b FROM d.t",
    "WITH c AS (SELECT body FROM d.t WHERE «REGEXP_CONTAINS(body, r'example\\.com')») SELECT body FROM c",
    "SELECT body FROM d.t WHERE «REGEXP_CONTAINS(`body`, 'a')» OR «REGEXP_CONTAINS(body, 'b')»",
    'SELECT body FROM d.t WHERE «REGEXP_CONTAINS(body, "^a.*$")»',
  ],
  notFound: [
    "SELECT body FROM atendimento.messages WHERE body LIKE '%refund%'",
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, r'refund|return')",
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, r'(?i)refund')",
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, r'[0-9]+')",
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, r'\\bid\\b')",
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, r'a.b')",
    'SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, @pattern)',
    "SELECT body FROM atendimento.messages WHERE REGEXP_CONTAINS(body, 'snake_case')",
    "SELECT body FROM atendimento.messages WHERE body = \"REGEXP_CONTAINS(body, 'a')\" -- REGEXP_CONTAINS(body, 'a')",
    "SELECT REGEXP_EXTRACT(body, 'a'), REGEXP_REPLACE(body, 'a', 'b') FROM d.t",
    "SELECT `REGEXP_CONTAINS`, body FROM d.t WHERE my.REGEXP_CONTAINS(body, 'a')",
  ],
};
