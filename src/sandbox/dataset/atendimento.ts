import {
  column,
  DAYS,
  type DatasetDefinition,
  list,
  pick,
  record,
  repeatedString,
  type TableDefinition,
} from './definition.ts';
import {
  AGENT_SAYS,
  CHANNELS,
  CUSTOMER_SAYS,
  FIRST_NAMES,
  LAST_NAMES,
  QUEUES,
  STATES,
  SUBJECTS,
  SURVEY_COMMENTS,
  TAGS,
} from './phrases.ts';

const AGENTS = 240;
const GOVERNED = { status: 'governed', owner: 'atendimento' };
const LEGACY = { status: 'legacy', owner: 'atendimento' };

const agents: TableDefinition = {
  tableId: 'agents',
  description: 'Who answers customers: one row per agent.',
  labels: GOVERNED,
  schema: [
    column('agent_id', 'INTEGER', 'Key'),
    column('name', 'STRING', 'Full name'),
    column('queue', 'STRING', 'The queue that the agent serves'),
    column('hired_on', 'DATE', 'First day of work'),
    repeatedString('channels', 'Channels that the agent is trained for'),
    column('active', 'BOOLEAN', 'Whether the agent works here today'),
  ],
  partitionField: null,
  clustering: [],
  rows: ({ lastDay }) => `
    SELECT i AS agent_id,
      ${pick('i', 1, FIRST_NAMES)} || ' ' || ${pick('i', 2, LAST_NAMES)} AS name,
      ${pick('i', 3, QUEUES)} AS queue,
      DATE '${lastDay}' - CAST(30 + draw(i, 4, 2000) AS INTEGER) AS hired_on,
      ${list(CHANNELS)}[1:1 + draw(i, 5, ${CHANNELS.length})] AS channels,
      draw(i, 6, 12) > 0 AS active
    FROM range(1, ${AGENTS + 1}) AS r(i)`,
};

const tickets: TableDefinition = {
  tableId: 'tickets',
  description: 'Requests of customers, from their opening to their closing.',
  labels: GOVERNED,
  schema: [
    column('ticket_id', 'INTEGER', 'Key'),
    record('customer', 'Who asked', [
      column('id', 'INTEGER', "The customer's number"),
      column('state', 'STRING', 'Federal unit of the address'),
      column('segment', 'STRING', 'Product line'),
    ]),
    column('channel', 'STRING', 'How the customer came'),
    column('subject', 'STRING', 'What it is about'),
    column('priority', 'INTEGER', '1 is the most urgent'),
    column('status', 'STRING', 'open, pending or closed'),
    column('agent_id', 'INTEGER', 'Who answers'),
    column('created_at', 'TIMESTAMP', 'Opening'),
    column('first_reply_at', 'TIMESTAMP', 'First answer of an agent'),
    column('closed_at', 'TIMESTAMP', 'Closing, null while it is open'),
    repeatedString('tags', 'Marks set by agents'),
  ],
  partitionField: 'created_at',
  clustering: ['status', 'channel'],
  // Tickets are spread evenly over the days, except that half of a Sunday's move to the following Monday.
  rows: ({ firstDay, lastDay, tickets: count }) => `
    WITH opened AS (
      SELECT i, TIMESTAMPTZ '${firstDay} 00:00:00+00'
        + to_microseconds(CAST(i * (${DAYS} * 86400.0 * 1e6 / ${count}) AS BIGINT)) AS opened_at
      FROM range(${count}) AS r(i)
    ), moved AS (
      SELECT i, CASE
        WHEN dayofweek(opened_at) = 0 AND draw(i, 10, 2) = 0 AND opened_at < TIMESTAMPTZ '${lastDay} 00:00:00+00'
        THEN opened_at + to_days(1) ELSE opened_at END AS opened_at
      FROM opened
    )
    SELECT i + 1 AS ticket_id,
      struct_pack(
        id := 100000 + draw(i, 11, 180000),
        state := ${pick('i', 12, STATES)},
        segment := ${pick('i', 13, ['consignado', 'pessoal', 'veiculo', 'empresas'])}
      ) AS customer,
      ${pick('i', 14, CHANNELS)} AS channel,
      ${pick('i', 15, SUBJECTS)} AS subject,
      1 + draw(i, 16, 4) AS priority,
      CASE WHEN draw(i, 17, 100) < 88 THEN 'closed' WHEN draw(i, 17, 100) < 95 THEN 'pending' ELSE 'open' END AS status,
      1 + draw(i, 18, ${AGENTS}) AS agent_id,
      opened_at AS created_at,
      opened_at + to_seconds(60 + draw(i, 19, 7200)) AS first_reply_at,
      CASE WHEN draw(i, 17, 100) < 88 THEN opened_at + to_seconds(7260 + draw(i, 20, 172800)) END AS closed_at,
      ${list(TAGS)}[1 + draw(i, 21, 3):1 + draw(i, 21, 3) + draw(i, 22, 3)] AS tags
    FROM moved`,
};

const messages: TableDefinition = {
  tableId: 'messages',
  description: 'Every message of every ticket. The largest table: filter by created_at.',
  labels: GOVERNED,
  schema: [
    column('message_id', 'INTEGER', 'Key'),
    column('ticket_id', 'INTEGER', 'The ticket that it belongs to'),
    column('sender', 'STRING', 'customer, agent or bot'),
    column('body', 'STRING', 'Text of the message'),
    column('created_at', 'TIMESTAMP', 'When it was sent'),
  ],
  partitionField: 'created_at',
  clustering: ['ticket_id'],
  rows: ({ messages: count, tickets: ticketCount, lastDay }) => `
    SELECT i + 1 AS message_id,
      t.ticket_id,
      CASE WHEN i // ${ticketCount} = 0 THEN 'customer' ELSE ${pick('i', 30, ['agent', 'customer', 'agent', 'bot'])} END AS sender,
      CASE WHEN i % 2 = 0 THEN ${pick('i', 31, CUSTOMER_SAYS)} ELSE ${pick('i', 32, AGENT_SAYS)} END
        || ' Protocolo ' || (20260000000 + t.ticket_id) || '-' || draw(i, 33, 997) || '.' AS body,
      least(
        t.created_at + to_seconds((i // ${ticketCount}) * 900 + draw(i, 34, 900)),
        TIMESTAMPTZ '${lastDay} 23:59:59.999999+00'
      ) AS created_at
    FROM range(${count}) AS r(i)
    JOIN atendimento.tickets AS t ON t.ticket_id = 1 + i % ${ticketCount}`,
};

const surveys: TableDefinition = {
  tableId: 'surveys',
  description: 'Satisfaction surveys, answered after a ticket was closed.',
  labels: GOVERNED,
  schema: [
    column('survey_id', 'INTEGER', 'Key'),
    column('ticket_id', 'INTEGER', 'The ticket that it is about'),
    column('agent_id', 'INTEGER', 'Who answered the ticket'),
    column('score', 'INTEGER', 'From 1, bad, to 5, good'),
    column('comment', 'STRING', 'What the customer added, often nothing'),
    column('answered_at', 'TIMESTAMP', 'When it was answered'),
  ],
  partitionField: 'answered_at',
  clustering: [],
  rows: ({ lastDay }) => `
    SELECT row_number() OVER (ORDER BY ticket_id) AS survey_id, ticket_id, agent_id,
      5 - CAST(floor(sqrt(draw(ticket_id, 40, 25))) AS BIGINT) AS score,
      CASE WHEN draw(ticket_id, 41, 4) = 0 THEN ${pick('ticket_id', 42, SURVEY_COMMENTS)} END AS comment,
      least(closed_at + to_seconds(draw(ticket_id, 43, 86400)), TIMESTAMPTZ '${lastDay} 23:59:59.999999+00') AS answered_at
    FROM atendimento.tickets
    WHERE closed_at IS NOT NULL AND draw(ticket_id, 44, 10) < 3`,
};

const legacyMessages: TableDefinition = {
  tableId: 'legacy_messages_export',
  description: 'LEGACY. A spreadsheet export of messages, everything as text, not partitioned. Use messages.',
  labels: LEGACY,
  schema: ['message_id', 'ticket_id', 'sender', 'body', 'sent'].map((name) =>
    column(name, 'STRING', 'As exported'),
  ),
  partitionField: null,
  clustering: [],
  rows: () => `
    SELECT CAST(message_id AS VARCHAR) AS message_id, CAST(ticket_id AS VARCHAR) AS ticket_id, sender, body,
      strftime(created_at, '%d/%m/%Y %H:%M') AS sent
    FROM atendimento.messages WHERE ticket_id % 5 = 0`,
};

const legacyTickets: TableDefinition = {
  tableId: 'tickets_2024_backup',
  description: 'LEGACY. A copy that someone made before a migration. Use tickets.',
  labels: LEGACY,
  schema: [
    column('ticket_id', 'INTEGER', 'Key'),
    column('channel', 'STRING', 'How the customer came'),
    column('status', 'STRING', 'Status on the day of the copy'),
    column('created_at', 'TIMESTAMP', 'Opening'),
  ],
  partitionField: null,
  clustering: [],
  rows: () =>
    'SELECT ticket_id, channel, status, created_at FROM atendimento.tickets WHERE ticket_id % 3 = 0',
};

/** Customer support: the data behind its Metabase dashboards. */
export const atendimento: DatasetDefinition = {
  datasetId: 'atendimento',
  description: 'Customer support: tickets, messages, agents and satisfaction.',
  labels: { vertical: 'atendimento' },
  tables: [agents, tickets, messages, surveys, legacyMessages, legacyTickets],
  views: [
    {
      tableId: 'daily_volume',
      description: 'Tickets by day and channel.',
      labels: GOVERNED,
      query: `SELECT DATE(created_at) AS day, channel, COUNT(*) AS tickets, COUNTIF(status = 'closed') AS closed
FROM \`guardrail-demo.atendimento.tickets\`
GROUP BY day, channel`,
    },
    {
      tableId: 'conversations',
      description: 'Messages with the ticket that they belong to.',
      labels: GOVERNED,
      query: `SELECT m.message_id, m.ticket_id, m.sender, m.body, m.created_at, t.channel, t.subject, t.status, t.agent_id
FROM \`guardrail-demo.atendimento.messages\` AS m
JOIN \`guardrail-demo.atendimento.tickets\` AS t USING (ticket_id)`,
    },
    {
      tableId: 'agent_satisfaction',
      description: 'Average score by agent and month.',
      labels: GOVERNED,
      query: `SELECT a.agent_id, a.name, a.queue, DATE_TRUNC(DATE(s.answered_at), MONTH) AS month,
  AVG(s.score) AS average_score, COUNT(*) AS answers
FROM \`guardrail-demo.atendimento.surveys\` AS s
JOIN \`guardrail-demo.atendimento.agents\` AS a USING (agent_id)
GROUP BY a.agent_id, a.name, a.queue, month`,
    },
  ],
};
