import { type Dashboard, quantiles } from './panel.ts';
import { billedOfADay, budgetsSpent, cachedOfADay, costOfADay, waiting } from './shared.ts';

/** For customer support: what their dashboards cost, how fast they are, and what is refused. */
export const atendimento: Dashboard = {
  uid: 'guardrail-atendimento',
  title: ['Guardrail: my dashboards', 'Guardrail: meus painéis'],
  about: [
    'What the dashboards of a team cost, how fast they are, and what is refused. Choose your team above.',
    'Quanto custam os painéis de um time, se são rápidos, e o que é recusado. Escolha seu time acima.',
  ],
  from: 'now-24h',
  rows: [
    {
      title: ['Cost', 'Custo'],
      panels: [
        costOfADay,
        billedOfADay,
        cachedOfADay,
        {
          title: ['Queries answered, last 24 h', 'Consultas respondidas, últimas 24 h'],
          about: ['Queries that were admitted.', 'Consultas que passaram.'],
          kind: 'stat',
          unit: 'short',
          width: 6,
          queries: [
            { expr: 'sum(increase(guardrail_queries_total{team=~"$team",decision="admitted"}[24h]))' },
          ],
        },
        budgetsSpent,
        {
          title: ['Budgets renew in', 'Orçamentos renovam em'],
          about: [
            'Time until each budget starts again with nothing spent.',
            'Quando cada orçamento recomeça sem nada gasto.',
          ],
          kind: 'bargauge',
          unit: 's',
          width: 12,
          queries: [
            {
              expr: 'min by (budget) (guardrail_budget_window_end_timestamp_seconds{team=~"$team|"}) - time()',
              legend: '{{budget}}',
            },
          ],
        },
        {
          title: ['How large queries are', 'Tamanho das consultas'],
          about: [
            'The most bytes billed for half and for 95 % of the queries. A dot is one query: its decision ID leads to its SQL and its card.',
            'Bytes faturados, no máximo, de metade e de 95 % das consultas. Um ponto é uma consulta: o ID da decisão leva ao SQL e ao cartão.',
          ],
          kind: 'timeseries',
          unit: 'bytes',
          width: 12,
          exemplars: true,
          queries: quantiles('guardrail_query_bytes', '{team=~"$team"}', [0.5, 0.95]),
        },
        {
          title: ['Cost by hour', 'Custo por hora'],
          about: ['What each hour cost, by currency.', 'Quanto custou cada hora, por moeda.'],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'sum by (currency) (increase(guardrail_cost_total{team=~"$team"}[1h]))',
              legend: '{{currency}}',
            },
          ],
        },
      ],
    },
    {
      title: ['Speed', 'Velocidade'],
      panels: [
        {
          title: ['How long queries take', 'Quanto tempo as consultas levam'],
          about: [
            'From the admission of a query to the end of its answer: half of them take no longer than p50, 95 % no longer than p95.',
            'Da admissão da consulta ao fim da resposta: metade não leva mais que p50, 95 % não mais que p95.',
          ],
          kind: 'timeseries',
          unit: 's',
          width: 12,
          exemplars: true,
          queries: quantiles('guardrail_query_seconds', '{team=~"$team"}', [0.5, 0.95]),
        },
        {
          title: ['Of that, guardrail', 'Disso, o guardrail'],
          about: [
            'Time that guardrail itself adds before a query is sent, over all teams.',
            'O que o próprio guardrail acrescenta antes de enviar a consulta, de todos os times.',
          ],
          kind: 'timeseries',
          unit: 's',
          width: 12,
          exemplars: true,
          queries: quantiles('guardrail_overhead_seconds', '', [0.5, 0.95]),
        },
        waiting,
      ],
    },
    {
      title: ['Refusals', 'Recusas'],
      panels: [
        {
          title: ['Refused, last 24 h', 'Recusadas, últimas 24 h'],
          about: [
            'Queries that a rule or a budget refused. The message in the dashboard says what to do instead.',
            'Consultas que uma regra ou um orçamento recusou. A mensagem no painel diz o que fazer.',
          ],
          kind: 'stat',
          unit: 'short',
          width: 6,
          queries: [
            {
              expr: 'sum(increase(guardrail_queries_total{team=~"$team",decision="refused"}[24h])) or vector(0)',
            },
          ],
        },
        {
          title: ['Failed, last 24 h', 'Com falha, últimas 24 h'],
          about: [
            'Queries that could not be priced: SQL with a mistake, no access, or BigQuery out of reach.',
            'Consultas sem preço possível: SQL com erro, sem acesso, ou BigQuery fora de alcance.',
          ],
          kind: 'stat',
          unit: 'short',
          width: 6,
          queries: [
            {
              expr: 'sum(increase(guardrail_queries_total{team=~"$team",decision="failed"}[24h])) or vector(0)',
            },
          ],
        },
        {
          title: ['Queries by decision', 'Consultas por decisão'],
          about: ['Queries per second, by decision.', 'Consultas por segundo, por como saíram.'],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (decision) (rate(guardrail_queries_total{team=~"$team"}[$__rate_interval]))',
              legend: '{{decision}}',
            },
          ],
        },
        {
          title: ['Rules that refuse or warn', 'Regras que recusam ou avisam'],
          about: [
            'How often each rule matched, over all teams: denied, or warned.',
            'Quantas vezes cada regra valeu, de todos os times: recusou ou avisou.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (rule, mode) (rate(guardrail_rule_hits_total{mode=~"deny|warn"}[$__rate_interval]))',
              legend: '{{rule}} ({{mode}})',
            },
          ],
        },
      ],
    },
  ],
};
