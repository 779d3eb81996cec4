import { type Dashboard, quantiles } from './panel.ts';
import { waiting } from './shared.ts';

/** For data engineers: what rules do, what is not read, who still uses legacy tables, and how guardrail fares. */
export const dataEngineering: Dashboard = {
  uid: 'guardrail-data-engineering',
  title: ['Guardrail: data engineering', 'Guardrail: engenharia de dados'],
  about: [
    'What rules do, what SQL is not read, who still uses legacy tables, and how guardrail itself fares.',
    'O que as regras fazem, que SQL não é lido, quem ainda usa tabelas legadas, e como vai o próprio guardrail.',
  ],
  from: 'now-6h',
  rows: [
    {
      title: ['Rules', 'Regras'],
      panels: [
        {
          title: ['Rules that matched', 'Regras que valeram'],
          about: [
            'How often each rule matched, by mode: audit, warn, deny, or exempt.',
            'Quantas vezes cada regra valeu, pelo que fez: audit, warn, deny, ou exempt.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (rule, mode) (rate(guardrail_rule_hits_total[$__rate_interval]))',
              legend: '{{rule}} ({{mode}})',
            },
          ],
        },
        {
          title: ['Rules by queries, last 7 days', 'Regras por consultas, últimos 7 dias'],
          about: [
            'What a rule in audit matches, before you set it to warn or deny.',
            'O que uma regra em audit pegaria, antes de passar a avisar ou recusar.',
          ],
          kind: 'bargauge',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'sum by (rule, mode) (increase(guardrail_rule_hits_total[7d]))',
              legend: '{{rule}} ({{mode}})',
            },
          ],
        },
        {
          title: ['Policy edit rejected', 'Edição de política rejeitada'],
          about: [
            '1 while the newest edit has an error and an older policy runs.',
            '1 enquanto a última edição tem um erro e vale a política anterior.',
          ],
          kind: 'stat',
          unit: 'bool',
          width: 6,
          limits: [1, 1],
          queries: [{ expr: 'max(guardrail_policy_rejected)' }],
        },
        {
          title: ['Rules that failed, last 24 h', 'Regras com falha, últimas 24 h'],
          about: ['Conditions that could not be evaluated.', 'Condições que não puderam ser avaliadas.'],
          kind: 'stat',
          unit: 'short',
          width: 6,
          limits: [1, 10],
          queries: [{ expr: 'sum(increase(guardrail_rule_errors_total[24h])) or vector(0)' }],
        },
        {
          title: ['Queries of legacy tables', 'Consultas a tabelas legadas'],
          about: [
            'By catalog entry and team: if there are none for a long time, the table can be retired.',
            'Por entrada do catálogo e time: sem nenhuma por muito tempo, a tabela pode se aposentar.',
          ],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'sum by (table, team) (increase(guardrail_legacy_table_queries_total{team=~"$team"}[1h]))',
              legend: '{{table}} ({{team}})',
            },
          ],
        },
      ],
    },
    {
      title: ['Reading SQL', 'Leitura de SQL'],
      panels: [
        {
          title: ['SQL readings', 'Leituras de SQL'],
          about: [
            'By parser, or by the reason why none could read it: syntax, size, depth, time, wait, failure.',
            'Por qual parser, ou por que por nenhum: syntax, size, depth, time, wait, failure.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (outcome) (rate(guardrail_sql_readings_total[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: ['SQL that no parser read', 'SQL que nenhum parser leu'],
          about: [
            'Queries per second by team. They are still priced and capped.',
            'Consultas por segundo, por time. São precificadas e limitadas mesmo assim.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (team) (rate(guardrail_unread_sql_total{team=~"$team"}[$__rate_interval]))',
              legend: '{{team}}',
            },
          ],
        },
        {
          title: ['Time to read SQL', 'Tempo para ler SQL'],
          about: ['Including the wait for a reader.', 'Com a espera por um leitor.'],
          kind: 'timeseries',
          unit: 's',
          width: 12,
          queries: quantiles('guardrail_sql_reading_seconds', '', [0.5, 0.99]),
        },
        {
          title: ['Queries by statement type', 'Consultas por tipo de comando'],
          about: ['By the warehouse’s own names.', 'Como o BigQuery o chama.'],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (statement_type) (rate(guardrail_queries_total{team=~"$team"}[$__rate_interval]))',
              legend: '{{statement_type}}',
            },
          ],
        },
      ],
    },
    {
      title: ['Guardrail itself', 'O próprio guardrail'],
      panels: [
        {
          title: ['Overhead', 'Tempo acrescentado'],
          about: [
            'From the arrival of a query until it is sent or refused. A dot is one decision.',
            'Da chegada da consulta até ser enviada ou recusada. Um ponto é uma decisão.',
          ],
          kind: 'timeseries',
          unit: 's',
          width: 12,
          exemplars: true,
          queries: quantiles('guardrail_overhead_seconds', '', [0.5, 0.99]),
        },
        {
          title: ['Dry runs', 'Dry runs'],
          about: ['How long the warehouse takes to price.', 'Quanto o BigQuery leva para dar o preço.'],
          kind: 'timeseries',
          unit: 's',
          width: 12,
          exemplars: true,
          queries: quantiles('guardrail_dry_run_seconds', '', [0.5, 0.99]),
        },
        {
          title: ['Where estimates come from', 'De onde vêm as estimativas'],
          about: [
            'A separate dry run, one shared with other queries, or the cache.',
            'Um dry run próprio, um compartilhado, ou o cache.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (source) (rate(guardrail_estimate_lookups_total[$__rate_interval]))',
              legend: '{{source}}',
            },
          ],
        },
        {
          title: ['Errors', 'Erros'],
          about: [
            'Of the ledger by operation, of the warehouse by stage.',
            'Do livro-razão por operação, do BigQuery por etapa.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (operation) (rate(guardrail_ledger_errors_total[$__rate_interval])) or vector(0)',
              legend: ['ledger {{operation}}', 'livro-razão {{operation}}'],
            },
            {
              expr: 'sum by (stage) (rate(guardrail_upstream_errors_total[$__rate_interval])) or vector(0)',
              legend: ['warehouse {{stage}}', 'BigQuery {{stage}}'],
            },
          ],
        },
        {
          title: ['Ledger can be written', 'Livro-razão pode ser escrito'],
          about: ['1 while every process can write it.', '1 enquanto todo processo consegue.'],
          kind: 'stat',
          unit: 'bool',
          width: 6,
          queries: [{ expr: 'min(guardrail_ledger_up)' }],
        },
        {
          title: ['Readers replaced, last 24 h', 'Leitores trocados, últimas 24 h'],
          about: [
            'Processes that hung or crashed over SQL, or could not start.',
            'Processos que travaram ou quebraram em algum SQL.',
          ],
          kind: 'stat',
          unit: 'short',
          width: 6,
          limits: [10, 100],
          queries: [{ expr: 'sum(increase(guardrail_sql_readers_replaced_total[24h]))' }],
        },
        waiting,
        {
          title: ['Memory', 'Memória'],
          about: ['Of each process.', 'De cada processo.'],
          kind: 'timeseries',
          unit: 'bytes',
          width: 12,
          queries: [{ expr: 'guardrail_process_resident_memory_bytes', legend: '{{instance}}' }],
        },
        {
          title: ['CPU', 'CPU'],
          about: ['Cores that each process uses.', 'Núcleos que cada processo usa.'],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'rate(guardrail_process_cpu_seconds_total[$__rate_interval])',
              legend: '{{instance}}',
            },
          ],
        },
      ],
    },
  ],
};
