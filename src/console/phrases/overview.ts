import { formatCountOf } from '../../foundation/pages/formats.ts';

const english = {
  overview: {
    title: 'Overview',
    lead: (month: string) => `Where the money goes in ${month}, and what guardrail decides right now.`,
    today: 'Spent today',
    month: 'Spent this month',
    bytes: 'Data billed this month',
    saved: 'Saved this month',
    savedNote: (queries: number) =>
      `by ${formatCountOf(queries, 'en', { one: 'refused query', other: 'refused queries' })}`,
    sumsAsOf: (at: string) =>
      `Sums of the month as of ${at}; what was spent today, budgets and decisions as of now.`,
    alsoSpent: (amounts: string) =>
      `Also spent this month, and not in the figures of this page: ${amounts}. The showback has it all.`,
    before: (change: string) => `${change} on the same days of last month`,
    nothingBefore: 'nothing on the same days of last month',
    queriesToday: (queries: number) => formatCountOf(queries, 'en', { one: 'query', other: 'queries' }),
    cached: (queries: number) =>
      `${formatCountOf(queries, 'en', { one: 'query', other: 'queries' })} answered from BigQuery’s cache`,
    teams: 'Teams',
    teamsCaption: 'Billed by team',
    noTeam: 'Not attributed to a team',
    budgets: 'Budgets, and where they are heading',
    allBudgets: 'All budgets',
    days: 'Spend per day',
    daysLabel: 'Columns for each day, stacked by team; the figures are in the table below it.',
    mostExpensive: 'Most expensive this month',
    mostExpensiveNote: 'Each links to its decisions.',
    rankings: {
      dashboard: 'Dashboards',
      card: 'Cards',
      person: 'People and accounts',
      table: 'Tables',
      fingerprint: 'Repeated queries',
    },
    rankingNote: 'A query of several tables counts for each of them.',
    one: { dashboard: 'Dashboard', card: 'Card', person: 'Person', table: '', fingerprint: '' },
    nothing: 'Nothing yet.',
    feed: 'Decisions as they are made',
    live: 'live',
    notLive: 'not live',
    noDecisions: 'No queries yet. Point a BI tool at the proxy, and they appear here.',
    allDecisions: 'All decisions',
  },
};

const portuguese: typeof english = {
  overview: {
    title: 'Visão geral',
    lead: (month) => `Para onde vai o dinheiro em ${month} e o que está sendo decidido agora.`,
    today: 'Gasto hoje',
    month: 'Gasto no mês',
    bytes: 'Dados cobrados no mês',
    saved: 'Economizado no mês',
    savedNote: (queries) =>
      `por ${formatCountOf(queries, 'pt-BR', { one: 'consulta recusada', other: 'consultas recusadas' })}`,
    sumsAsOf: (at) => `Somas do mês: situação em ${at}. Gasto de hoje, orçamentos e decisões: agora.`,
    alsoSpent: (amounts) =>
      `Também gasto no mês, e fora dos números desta página: ${amounts}. O relatório do mês (showback) traz tudo.`,
    before: (change) => `${change} sobre os mesmos dias do mês passado`,
    nothingBefore: 'nada nos mesmos dias do mês passado',
    queriesToday: (queries) => formatCountOf(queries, 'pt-BR', { one: 'consulta', other: 'consultas' }),
    cached: (queries) =>
      formatCountOf(queries, 'pt-BR', {
        one: 'consulta respondida pelo cache do BigQuery',
        other: 'consultas respondidas pelo cache do BigQuery',
      }),
    teams: 'Equipes',
    teamsCaption: 'Quanto foi cobrado de cada equipe',
    noTeam: 'Sem equipe atribuída',
    budgets: 'Orçamentos e para onde caminham',
    allBudgets: 'Todos os orçamentos',
    days: 'Gasto por dia',
    daysLabel: 'Uma coluna por dia, dividida por equipe; os números estão na tabela abaixo.',
    mostExpensive: 'Mais caros no mês',
    mostExpensiveNote: 'Cada um leva às decisões que o compõem.',
    rankings: {
      dashboard: 'Painéis',
      card: 'Cartões',
      person: 'Pessoas e contas',
      table: 'Tabelas',
      fingerprint: 'Consultas repetidas',
    },
    rankingNote: 'Uma consulta a várias tabelas conta para cada uma delas.',
    one: { dashboard: 'Painel', card: 'Cartão', person: 'Pessoa', table: '', fingerprint: '' },
    nothing: 'Nada ainda.',
    feed: 'Decisões à medida que acontecem',
    live: 'ao vivo',
    notLive: 'sem conexão',
    noDecisions:
      'Nenhuma consulta chegou ainda. Aponte uma ferramenta de BI para o proxy, e ela aparece aqui.',
    allDecisions: 'Todas as decisões',
  },
};

/** The text of the first page. */
export const overview = { en: english, 'pt-BR': portuguese };
