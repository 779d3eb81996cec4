import type { Dashboard } from './panel.ts';
import { billedOfADay, budgetsSpent, cachedOfADay, costOfADay, refusedOfADay } from './shared.ts';

/** For FinOps: what is spent, where it goes, and whether the books are right. */
export const finops: Dashboard = {
  uid: 'guardrail-finops',
  title: ['Guardrail: spend', 'Guardrail: gasto'],
  about: [
    'What is spent, where budgets end at this pace, and whether the books agree with BigQuery’s own.',
    'Quanto se gasta, onde os orçamentos terminam nesse ritmo, e se os livros conferem com os do BigQuery.',
  ],
  from: 'now-7d',
  rows: [
    {
      title: ['Spend', 'Gasto'],
      panels: [
        costOfADay,
        billedOfADay,
        refusedOfADay,
        cachedOfADay,
        {
          title: ['Cost by team, last 30 days', 'Custo por time, últimos 30 dias'],
          about: ['Settled cost, by team and currency.', 'Custo liquidado, por time e moeda.'],
          kind: 'bargauge',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'sum by (team, currency) (increase(guardrail_cost_total{team=~"$team"}[30d]))',
              legend: '{{team}} ({{currency}})',
            },
          ],
        },
        {
          title: ['Cost by day', 'Custo por dia'],
          about: ['What the last 24 hours cost, by team.', 'Quanto custaram as últimas 24 horas, por time.'],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'sum by (team, currency) (increase(guardrail_cost_total{team=~"$team"}[1d]))',
              legend: '{{team}} ({{currency}})',
            },
          ],
        },
        {
          title: ['Billed by team', 'Faturado por time'],
          about: ['Bytes billed per second.', 'Bytes faturados por segundo.'],
          kind: 'timeseries',
          unit: 'Bps',
          width: 12,
          exemplars: true,
          queries: [
            {
              expr: 'sum by (team) (rate(guardrail_bytes_billed_total{team=~"$team"}[$__rate_interval]))',
              legend: '{{team}}',
            },
          ],
        },
        {
          title: ['Estimated and billed', 'Estimado e faturado'],
          about: ['How estimates compare with the bill.', 'Quanto as estimativas diferem da fatura.'],
          kind: 'timeseries',
          unit: 'Bps',
          width: 12,
          queries: [
            {
              expr: 'sum(rate(guardrail_bytes_estimated_total{team=~"$team"}[$__rate_interval]))',
              legend: ['estimated', 'estimado'],
            },
            {
              expr: 'sum(rate(guardrail_bytes_processed_total{team=~"$team"}[$__rate_interval]))',
              legend: ['processed', 'processado'],
            },
            {
              expr: 'sum(rate(guardrail_bytes_billed_total{team=~"$team"}[$__rate_interval]))',
              legend: ['billed', 'faturado'],
            },
          ],
        },
      ],
    },
    {
      title: ['Savings', 'Economia'],
      panels: [
        {
          title: ['Saved this month', 'Economizado neste mês'],
          about: [
            'What refused queries would have cost, and what rewrites after a refusal saved, by currency.',
            'Quanto teriam custado as consultas recusadas, e quanto pouparam as reescritas aceitas após uma recusa, por moeda.',
          ],
          kind: 'bargauge',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'max by (team, by, currency) (guardrail_saved_cost{team=~"$team"})',
              legend: '{{team}} {{by}} ({{currency}})',
            },
          ],
        },
        {
          title: ['Bytes saved this month', 'Bytes economizados neste mês'],
          about: [
            'Bytes not billed in the month so far, by team and by how they were saved.',
            'Bytes não faturados no mês até agora, por time e pelo que os poupou.',
          ],
          kind: 'timeseries',
          unit: 'bytes',
          width: 12,
          queries: [
            { expr: 'max by (team, by) (guardrail_saved_bytes{team=~"$team"})', legend: '{{team}} {{by}}' },
          ],
        },
      ],
    },
    {
      title: ['Budgets and forecast', 'Orçamentos e previsão'],
      panels: [
        budgetsSpent,
        {
          title: ['Forecast: where budgets end', 'Previsão: onde os orçamentos terminam'],
          about: [
            'Share of the limit that will be spent when the window ends, at its pace so far. Above 100 %, the budget will not last. Needs the recording rules.',
            'Quanto do limite estará gasto no fim da janela, no ritmo até agora. Acima de 100 %, não dura. Precisa das regras de gravação.',
          ],
          kind: 'bargauge',
          unit: 'percentunit',
          width: 12,
          limits: [0.9, 1],
          queries: [
            {
              expr: 'guardrail:budget_forecast:ratio{team=~"$team|"}',
              legend: '{{budget}} ({{window}})',
            },
          ],
        },
        {
          title: ['Burn rate', 'Ritmo de queima'],
          about: [
            'How many times faster than the window allows a budget was spent in the last hour and the last six. Needs the recording rules.',
            'Quantas vezes mais rápido que a janela permite um orçamento foi gasto na última hora e nas últimas seis. Precisa das regras de gravação.',
          ],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            { expr: 'guardrail:budget_burn:rate1h{team=~"$team|"}', legend: '{{budget}} 1 h' },
            { expr: 'guardrail:budget_burn:rate6h{team=~"$team|"}', legend: '{{budget}} 6 h' },
          ],
        },
        {
          title: ['Budget still free', 'Orçamento ainda livre'],
          about: [
            'What each budget has left, in its own unit: bytes, a currency, slot time or queries.',
            'O que cada orçamento ainda tem, em sua unidade: bytes, uma moeda, tempo de slot ou consultas.',
          ],
          kind: 'timeseries',
          unit: 'short',
          width: 12,
          queries: [
            {
              expr: 'clamp_min(guardrail_budget_limit{team=~"$team|"} - guardrail_budget_used - guardrail_budget_reserved, 0)',
              legend: '{{budget}} ({{unit}})',
            },
          ],
        },
      ],
    },
    {
      title: ['Reconciliation', 'Conciliação'],
      panels: [
        {
          title: ['Last reconciliation balanced', 'Última conciliação fechou'],
          about: [
            '1 if the ledger and BigQuery’s own list of jobs agreed.',
            '1 se o livro-razão e a lista de jobs do BigQuery conferiram.',
          ],
          kind: 'stat',
          unit: 'bool',
          width: 6,
          queries: [
            {
              expr: 'min(guardrail_reconciliation_balanced and guardrail_reconciliation_timestamp_seconds > 0)',
            },
          ],
        },
        {
          title: ['Last reconciliation', 'Última conciliação'],
          about: ['When it was made.', 'Quando foi feita.'],
          kind: 'stat',
          unit: 'dateTimeFromNow',
          width: 6,
          queries: [{ expr: 'max(guardrail_reconciliation_timestamp_seconds > 0) * 1000' }],
        },
        {
          title: ['Entries that wait for the ledger', 'Lançamentos à espera do livro-razão'],
          about: ['Entries that are not in the ledger yet.', 'O que ainda não está nos livros.'],
          kind: 'stat',
          unit: 'short',
          width: 6,
          limits: [1, 100],
          queries: [{ expr: 'sum(guardrail_spooled_entries)' }],
        },
        {
          title: ['Charged without knowing, last 30 days', 'Cobrado sem saber, últimos 30 dias'],
          about: [
            'Queries that were never heard of again, and were charged their full reservation.',
            'Consultas de que não se soube mais, cobradas por tudo o que foi reservado.',
          ],
          kind: 'stat',
          unit: 'short',
          width: 6,
          queries: [
            { expr: 'sum(increase(guardrail_settlements_total{source="assumed"}[30d])) or vector(0)' },
          ],
        },
        {
          title: ['What the last reconciliation found', 'O que a última conciliação encontrou'],
          about: [
            'Bytes billed by BigQuery minus those in the ledger; bytes of jobs that bypassed guardrail; bytes of jobs that BigQuery does not have.',
            'Bytes faturados pelo BigQuery menos os do livro-razão; de jobs por fora do guardrail; de jobs que o BigQuery não tem.',
          ],
          kind: 'timeseries',
          unit: 'bytes',
          width: 12,
          queries: [
            { expr: 'max(guardrail_reconciliation_difference_bytes)', legend: ['difference', 'diferença'] },
            { expr: 'max(guardrail_reconciliation_unguarded_bytes)', legend: ['unguarded', 'por fora'] },
            { expr: 'max(guardrail_reconciliation_missing_bytes)', legend: ['missing', 'faltando'] },
          ],
        },
        {
          title: ['Where settlements come from', 'De onde vêm as liquidações'],
          about: [
            'From the answer, from the job, or assumed if neither was known.',
            'Da resposta, do job, ou presumidas se nenhum dos dois disse.',
          ],
          kind: 'timeseries',
          unit: 'reqps',
          width: 12,
          queries: [
            {
              expr: 'sum by (source) (rate(guardrail_settlements_total[$__rate_interval]))',
              legend: '{{source}}',
            },
          ],
        },
      ],
    },
  ],
};
