import { column, DAYS, type DatasetDefinition, list, pick, type TableDefinition } from './definition.ts';
import { FUND_MANAGERS, PAYMENT_METHODS, PRODUCTS } from './phrases.ts';

const GOVERNED = { status: 'governed', owner: 'finops' };
const LEGACY = { status: 'legacy', owner: 'finops' };
/** The instalments of each contract that fall due within the data's days. */
const INSTALMENTS_DUE = 3;

const fundManagers: TableDefinition = {
  tableId: 'fund_managers',
  description: 'Funds that hold the contracts.',
  labels: GOVERNED,
  schema: [
    column('fund_manager_id', 'INTEGER', 'Key'),
    column('name', 'STRING', 'Name of the fund manager'),
    column('fee_rate', 'NUMERIC', 'Share of each payment that the manager keeps'),
  ],
  partitionField: null,
  clustering: [],
  rows: () => `
    SELECT i AS fund_manager_id, ${list(FUND_MANAGERS)}[i] AS name,
      CAST(draw(i, 50, 400) + 100 AS DECIMAL(38, 9)) / 10000 AS fee_rate
    FROM range(1, ${FUND_MANAGERS.length + 1}) AS r(i)`,
};

const contracts: TableDefinition = {
  tableId: 'contracts',
  description: 'Loans: one row per contract.',
  labels: GOVERNED,
  schema: [
    column('contract_id', 'INTEGER', 'Key'),
    column('customer_id', 'INTEGER', 'Who borrowed'),
    column('fund_manager_id', 'INTEGER', 'Who holds it'),
    column('product', 'STRING', 'Product line'),
    column('principal_amount', 'NUMERIC', 'Amount lent, BRL'),
    column('monthly_rate', 'NUMERIC', 'Interest per month'),
    column('term_months', 'INTEGER', 'Number of instalments'),
    column('signed_on', 'DATE', 'Day of signature'),
  ],
  partitionField: null,
  clustering: ['fund_manager_id'],
  rows: ({ contracts: count, firstDay }) => `
    SELECT i AS contract_id, 100000 + draw(i, 51, 180000) AS customer_id,
      1 + draw(i, 52, ${FUND_MANAGERS.length}) AS fund_manager_id,
      ${pick('i', 53, PRODUCTS)} AS product,
      CAST(100000 + draw(i, 54, 4900000) AS DECIMAL(38, 9)) / 100 AS principal_amount,
      CAST(140 + draw(i, 55, 260) AS DECIMAL(38, 9)) / 10000 AS monthly_rate,
      12 * (1 + draw(i, 56, 8)) AS term_months,
      DATE '${firstDay}' - CAST(30 + draw(i, 57, 900) AS INTEGER) AS signed_on
    FROM range(1, ${count + 1}) AS r(i)`,
};

const instalments: TableDefinition = {
  tableId: 'instalments',
  description: 'What falls due, by contract.',
  labels: GOVERNED,
  schema: [
    column('instalment_id', 'INTEGER', 'Key'),
    column('contract_id', 'INTEGER', 'The contract that it belongs to'),
    column('number', 'INTEGER', 'Its place among the contract’s instalments'),
    column('due_date', 'DATE', 'When it falls due'),
    column('amount', 'NUMERIC', 'Amount due, BRL'),
    column('status', 'STRING', 'paid, late or open'),
  ],
  partitionField: 'due_date',
  clustering: ['contract_id'],
  rows: ({ firstDay, contracts: count }) => `
    SELECT i + 1 AS instalment_id, c.contract_id,
      1 + draw(c.contract_id, 60, 12) + i // ${count} AS number,
      DATE '${firstDay}' + CAST(draw(c.contract_id, 61, 30) + 30 * (i // ${count}) AS INTEGER) AS due_date,
      CAST(round(c.principal_amount / c.term_months * (1 + c.monthly_rate * 6), 2) AS DECIMAL(38, 9)) AS amount,
      CASE WHEN draw(i, 62, 100) < 91 THEN 'paid' WHEN draw(i, 62, 100) < 97 THEN 'late' ELSE 'open' END AS status
    FROM range(${count * INSTALMENTS_DUE}) AS r(i)
    JOIN finops.contracts AS c ON c.contract_id = 1 + i % ${count}`,
};

const payments: TableDefinition = {
  tableId: 'payments',
  description: 'What was paid, as the banks report it.',
  labels: GOVERNED,
  schema: [
    column('payment_id', 'INTEGER', 'Key'),
    column('instalment_id', 'INTEGER', 'The instalment that it pays'),
    column('contract_id', 'INTEGER', 'The contract of that instalment'),
    column('method', 'STRING', 'How it was paid'),
    column('amount', 'NUMERIC', 'Amount received, BRL'),
    column('paid_at', 'TIMESTAMP', 'When it was received'),
  ],
  partitionField: 'paid_at',
  clustering: [],
  rows: ({ lastDay }) => `
    SELECT 1000000 + instalment_id AS payment_id, instalment_id, contract_id,
      ${pick('instalment_id', 70, PAYMENT_METHODS)} AS method,
      CASE WHEN draw(instalment_id, 71, 200) = 0 THEN amount - 10 ELSE amount END AS amount,
      least(
        CAST(due_date AS TIMESTAMPTZ) + to_seconds(draw(instalment_id, 72, 86400 * 3)),
        TIMESTAMPTZ '${lastDay} 23:59:59+00'
      ) AS paid_at
    FROM finops.instalments WHERE status = 'paid'`,
};

const reconciliation: TableDefinition = {
  tableId: 'reconciliation_daily',
  description: 'By day and fund manager: what should have come, what came, and the difference.',
  labels: GOVERNED,
  schema: [
    column('reference_date', 'DATE', 'Due date of the instalments'),
    column('fund_manager_id', 'INTEGER', 'Who holds the contracts'),
    column('expected_amount', 'NUMERIC', 'Sum of the instalments marked as paid, BRL'),
    column('received_amount', 'NUMERIC', 'Sum of their payments, BRL'),
    column('difference_amount', 'NUMERIC', 'Received less expected, BRL'),
    column('balanced', 'BOOLEAN', 'Whether there is no difference'),
  ],
  partitionField: 'reference_date',
  clustering: [],
  rows: () => `
    SELECT i.due_date AS reference_date, c.fund_manager_id,
      SUM(i.amount) AS expected_amount, SUM(p.amount) AS received_amount,
      SUM(p.amount) - SUM(i.amount) AS difference_amount, SUM(p.amount) = SUM(i.amount) AS balanced
    FROM finops.instalments AS i
    JOIN finops.contracts AS c USING (contract_id)
    JOIN finops.payments AS p USING (instalment_id)
    WHERE i.status = 'paid'
    GROUP BY ALL ORDER BY ALL`,
};

const legacySheet: TableDefinition = {
  tableId: 'legacy_reconciliation_sheet',
  description: 'LEGACY. Typed by hand from a spreadsheet, amounts as text. Use reconciliation_daily.',
  labels: LEGACY,
  schema: ['dia', 'gestora', 'previsto', 'recebido', 'observacao'].map((name) =>
    column(name, 'STRING', 'As typed'),
  ),
  partitionField: null,
  clustering: [],
  rows: () => `
    SELECT strftime(r.reference_date, '%d/%m/%Y') AS dia, m.name AS gestora,
      'R$ ' || replace(CAST(CAST(r.expected_amount AS DECIMAL(18, 2)) AS VARCHAR), '.', ',') AS previsto,
      'R$ ' || replace(CAST(CAST(r.received_amount AS DECIMAL(18, 2)) AS VARCHAR), '.', ',') AS recebido,
      CASE WHEN r.balanced THEN '' ELSE 'conferir com a gestora' END AS observacao
    FROM finops.reconciliation_daily AS r JOIN finops.fund_managers AS m USING (fund_manager_id)`,
};

/** FinOps: contracts, what falls due, what is paid, and whether the two match. */
export const finops: DatasetDefinition = {
  datasetId: 'finops',
  description: `Contracts, instalments, payments and reconciliation, over ${DAYS} days.`,
  labels: { vertical: 'finops' },
  tables: [fundManagers, contracts, instalments, payments, reconciliation, legacySheet],
  views: [
    {
      tableId: 'open_differences',
      description: 'Days and fund managers whose books do not agree.',
      labels: GOVERNED,
      query: `SELECT r.reference_date, m.name AS fund_manager, r.expected_amount, r.received_amount, r.difference_amount
FROM \`guardrail-demo.finops.reconciliation_daily\` AS r
JOIN \`guardrail-demo.finops.fund_managers\` AS m USING (fund_manager_id)
WHERE NOT r.balanced`,
    },
    {
      tableId: 'receipts_by_method',
      description: 'Payments by day and method.',
      labels: GOVERNED,
      query: `SELECT DATE(paid_at) AS day, method, COUNT(*) AS payments, SUM(amount) AS amount
FROM \`guardrail-demo.finops.payments\`
GROUP BY day, method`,
    },
  ],
};
