import { ATENDIMENTO, FINOPS, type House } from '../guardrail.ts';

/** SQL of the dashboards, and of queries that are refused or warned about. */
export const SQL = {
  star: 'SELECT * FROM atendimento.messages',
  week: 'SELECT sender, COUNT(*) AS messages FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY) GROUP BY sender',
  bodies:
    'SELECT ticket_id, body FROM atendimento.messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY) LIMIT 100',
  tickets: 'SELECT channel, COUNT(*) AS tickets FROM atendimento.tickets GROUP BY channel',
  legacy: 'SELECT COUNT(*) AS n FROM atendimento.legacy_messages_export',
  payments: 'SELECT DATE(paid_at) AS day, SUM(amount) AS paid FROM finops.payments GROUP BY day ORDER BY day',
} as const;

interface DashboardQuery {
  readonly sql: string;
  readonly principal?: string;
  readonly person?: number;
  readonly dashboard?: number;
  readonly card?: number;
}

/** Sends a query as a Metabase dashboard does. @returns the decision's ID */
export async function ask(house: House, query: DashboardQuery): Promise<string> {
  const { sql, principal = ATENDIMENTO, person = 12, dashboard = 3, card = 7 } = query;
  const remark = `-- Metabase:: userID: ${person} queryType: native queryHash: 0a1b2c dashboardID: ${dashboard} cardID: ${card}\n`;
  const answer = await fetch(`${house.guardrail().proxyUrl}/bigquery/v2/projects/guardrail-demo/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer sandbox:${principal}`, 'content-type': 'application/json' },
    body: JSON.stringify({ useLegacySql: false, useQueryCache: false, query: remark + sql }),
  });
  await answer.text();
  const id = answer.headers.get('x-guardrail-decision-id');
  if (id === null) throw new Error(`guardrail made no decision on ${sql}`);
  return id;
}

/** A morning of dashboards: two teams, some persons, a refusal and a legacy table. */
export async function aMorning(house: House): Promise<void> {
  for (const [person, dashboard, card, sql] of [
    [12, 3, 7, SQL.week],
    [12, 3, 8, SQL.bodies],
    [15, 3, 7, SQL.week],
    [15, 4, 9, SQL.tickets],
    [21, 4, 10, SQL.bodies],
    [21, 5, 11, SQL.legacy],
    [15, 3, 8, SQL.bodies],
    [12, 4, 9, SQL.tickets],
    [33, 5, 12, SQL.star],
  ] as const) {
    await ask(house, { sql, person, dashboard, card });
  }
  for (const person of [2, 4]) {
    await ask(house, { sql: SQL.payments, principal: FINOPS, person, dashboard: 40, card: 41 });
  }
}
