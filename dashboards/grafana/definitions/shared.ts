import type { Panel } from './panel.ts';

/** How much of each budget is gone. Budgets of queries at once are left out: nothing of them is spent. */
export const budgetsSpent: Panel = {
  title: ['Budgets: spent of limit', 'Orçamentos: gasto do limite'],
  about: [
    'Spent and reserved, as a share of the limit of the current window. At 100 %, queries are refused, if the budget denies.',
    'Gasto e reservado, como parte do limite da janela atual. Em 100 %, as consultas são recusadas, se o orçamento assim diz.',
  ],
  kind: 'bargauge',
  unit: 'percentunit',
  width: 12,
  limits: [0.8, 0.9],
  queries: [
    {
      expr: 'max by (budget, window) ((guardrail_budget_used{team=~"$team|",window!="now"} + guardrail_budget_reserved) / guardrail_budget_limit)',
      legend: '{{budget}} ({{window}})',
    },
  ],
};

export const costOfADay: Panel = {
  title: ['Cost, last 24 h', 'Custo, últimas 24 h'],
  about: ['Cost of settled queries, by currency.', 'Custo das consultas liquidadas, por moeda.'],
  kind: 'stat',
  unit: 'short',
  width: 6,
  queries: [
    {
      expr: 'sum by (currency) (increase(guardrail_cost_total{team=~"$team"}[24h]))',
      legend: '{{currency}}',
    },
  ],
};

export const billedOfADay: Panel = {
  title: ['Billed, last 24 h', 'Faturado, últimas 24 h'],
  about: ['Bytes billed for settled queries.', 'Bytes pelos quais as consultas liquidadas foram faturadas.'],
  kind: 'stat',
  unit: 'bytes',
  width: 6,
  queries: [{ expr: 'sum(increase(guardrail_bytes_billed_total{team=~"$team"}[24h]))' }],
};

export const refusedOfADay: Panel = {
  title: ['Kept from running, last 24 h', 'Impedido de rodar, últimas 24 h'],
  about: [
    'Estimated bytes of refused queries. Every attempt counts, so a query that is tried again counts twice.',
    'Bytes estimados das consultas recusadas. Cada tentativa conta: uma consulta repetida conta duas vezes.',
  ],
  kind: 'stat',
  unit: 'bytes',
  width: 6,
  queries: [{ expr: 'sum(increase(guardrail_bytes_refused_total{team=~"$team"}[24h]))' }],
};

export const cachedOfADay: Panel = {
  title: ['Answered from cache, last 24 h', 'Respondido pelo cache, últimas 24 h'],
  about: [
    "Queries that BigQuery's result cache answered at no cost.",
    'Consultas que o cache de resultados do BigQuery respondeu sem custo.',
  ],
  kind: 'stat',
  unit: 'short',
  width: 6,
  queries: [{ expr: 'sum(increase(guardrail_result_cache_hits_total{team=~"$team"}[24h]))' }],
};

export const waiting: Panel = {
  title: ['Queries waiting', 'Consultas em espera'],
  about: [
    'Queries that wait for a place in a budget of queries at once.',
    'Consultas que esperam um lugar em um orçamento de consultas simultâneas.',
  ],
  kind: 'timeseries',
  unit: 'short',
  width: 12,
  queries: [{ expr: 'sum by (budget) (guardrail_queries_waiting) or vector(0)', legend: '{{budget}}' }],
};
