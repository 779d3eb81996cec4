/** A card of a dashboard, as a BI tool sends it. */
export interface Card {
  readonly title: string;
  readonly query: string;
  readonly params?: Record<string, unknown> | unknown[];
}

/** The cards of a customer support dashboard. */
export const atendimentoCards: readonly Card[] = [
  {
    title: 'Mensagens por remetente, últimos 7 dias',
    query: `-- Metabase:: userID: 12 queryType: MBQL queryHash: 0a1b2c
SELECT \`guardrail-demo.atendimento.messages\`.\`sender\` AS \`sender\`, COUNT(*) AS \`count\`
FROM \`guardrail-demo.atendimento.messages\`
WHERE \`guardrail-demo.atendimento.messages\`.\`created_at\` >= TIMESTAMP_TRUNC(TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL -7 DAY), DAY)
GROUP BY \`sender\` ORDER BY \`sender\` ASC`,
  },
  {
    title: 'Tickets por dia e canal',
    query: 'SELECT day, channel, tickets, closed FROM atendimento.daily_volume ORDER BY day, channel',
  },
  {
    title: 'Tempo até a primeira resposta, por fila',
    query: `WITH recent AS (
  SELECT agent_id, TIMESTAMP_DIFF(first_reply_at, created_at, SECOND) AS seconds
  FROM atendimento.tickets WHERE DATE(created_at) >= DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY)
)
SELECT a.queue, COUNT(*) AS tickets, AVG(r.seconds) AS average_seconds, APPROX_QUANTILES(r.seconds, 100)[OFFSET(95)] AS p95
FROM recent AS r JOIN atendimento.agents AS a USING (agent_id) GROUP BY a.queue ORDER BY a.queue`,
  },
  {
    title: 'Últimos tickets de um estado, com tudo que têm',
    query:
      'SELECT ticket_id, customer, tags, priority, status, created_at, closed_at FROM atendimento.tickets WHERE customer.state = @state AND created_at >= @since ORDER BY ticket_id DESC LIMIT 50',
    params: { state: 'SP', since: '2026-01-01 00:00:00' },
  },
  {
    title: 'Satisfação por agente',
    query:
      'SELECT name, queue, month, ROUND(average_score, 2) AS score, answers FROM atendimento.agent_satisfaction ORDER BY month, name, queue, score LIMIT 200',
  },
  {
    title: 'Etiquetas mais usadas',
    query:
      'SELECT tag, COUNT(*) AS n, MIN(place) AS first_place FROM atendimento.tickets, UNNEST(tags) AS tag WITH OFFSET AS place GROUP BY tag ORDER BY tag',
  },
];

/** The cards of a FinOps dashboard. */
export const finopsCards: readonly Card[] = [
  {
    title: 'Conciliação diária por gestora',
    query: `SELECT r.reference_date, m.name, r.expected_amount, r.received_amount, r.difference_amount, r.balanced
FROM finops.reconciliation_daily AS r JOIN finops.fund_managers AS m USING (fund_manager_id)
ORDER BY r.reference_date, m.name`,
  },
  {
    title: 'Recebido por método no período',
    query:
      'SELECT method, COUNT(*) AS payments, SUM(amount) AS amount FROM finops.payments WHERE paid_at BETWEEN ? AND ? GROUP BY method ORDER BY method',
    params: ['2026-01-01 00:00:00', '2027-12-31 00:00:00'],
  },
  {
    title: 'Diferenças em aberto',
    query: 'SELECT * FROM finops.open_differences ORDER BY reference_date, fund_manager',
  },
  {
    title: 'Carteira por gestora',
    query: `SELECT m.name, COUNT(*) AS contracts, SUM(c.principal_amount) AS principal, AVG(CAST(c.monthly_rate AS FLOAT64)) AS rate
FROM finops.contracts AS c JOIN finops.fund_managers AS m USING (fund_manager_id) GROUP BY m.name ORDER BY m.name`,
  },
  {
    title: 'Parcelas por vencimento e situação',
    query: `SELECT DATE_TRUNC(due_date, WEEK(MONDAY)) AS week, status, COUNT(*) AS n, SUM(amount) AS amount
FROM finops.instalments GROUP BY week, status ORDER BY week, status`,
  },
];
