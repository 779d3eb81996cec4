import type { CaseTable } from './case-table.ts';

export const joinOrder: CaseTable = {
  found: [
    'SELECT m.body FROM «atendimento.agents» a JOIN atendimento.messages m ON m.agent_id = a.agent_id',
    'SELECT m.body FROM «`p.atendimento.tickets`» t INNER JOIN atendimento.messages m USING (ticket_id)',
    'SELECT m.body FROM «atendimento.agents» a JOIN atendimento.agents b USING (i) JOIN atendimento.messages m USING (i)',
    "/* 👍 */ SELECT '👍' FROM «atendimento.agents» JOIN p.atendimento.messages USING (agent_id)",
    'SELECT x FROM (SELECT m.x FROM «atendimento.agents» a JOIN atendimento.messages m USING (i))',
  ],
  notFound: [
    'SELECT m.body FROM atendimento.messages m JOIN atendimento.agents a ON m.agent_id = a.agent_id',
    'SELECT m.body FROM atendimento.agents a LEFT JOIN atendimento.messages m ON m.agent_id = a.agent_id',
    'SELECT m.body FROM d.unknown a JOIN atendimento.messages m ON m.agent_id = a.agent_id',
    'SELECT m.body FROM atendimento.agents a JOIN d.unknown m ON m.agent_id = a.agent_id',
    'WITH agents AS (SELECT 1 AS i) SELECT m.body FROM agents a JOIN atendimento.messages m USING (i)',
    'SELECT m.body FROM (SELECT i FROM atendimento.agents) a JOIN atendimento.messages m USING (i)',
    'SELECT m.body FROM atendimento.tickets t JOIN atendimento.threads m USING (i)',
  ],
};
