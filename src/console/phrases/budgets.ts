const english = {
  budget: {
    of: (used: string, limit: string) => `${used} of ${limit} used`,
    running: (running: string, limit: string) => `${running} of ${limit} running`,
    left: (left: string) => `${left} left`,
    reserved: (amount: string) => `${amount} reserved by queries under way`,
    granted: (amount: string) => `${amount} of it granted`,
    renews: (at: string) => `Renews on ${at}`,
    rolling: (hours: number) => (hours === 1 ? 'Counts the last hour' : `Counts the last ${hours} hours`),
    atOnce: 'At this moment',
    forecastFits: (amount: string) => `At this pace ${amount} will be used when it renews.`,
    forecastUsedUp: (at: string) => `At this pace it is used up on ${at}.`,
    usedUp: 'It is used up.',
    noForecast: 'Too early to tell where it is heading.',
    chart: (name: string, text: string) =>
      `What is left of budget ${name} over its window. ${text} The figures are in the table below.`,
    legend: 'solid: what is left; dashed: an even pace; dotted: the forecast',
    everyone: 'The whole organisation',
    exceeded: {
      deny: 'Refuses what does not fit',
      warn: 'Warns about what does not fit',
      only: 'Refuses what does not fit, if certain rules match it',
    },
    unnamed: (kind: string) => `no ${kind} named`,
  },
  budgets: {
    title: 'Budgets',
    lead: 'Each budget with its window, what is left of it, and where it is heading.',
    ask: 'Ask for more.',
    apart: 'Accounts of budgets that are kept apart',
    apartNote: 'Of each of these budgets, the accounts that have spent most.',
    untouched: 'Split by person or the like, and nobody has spent from them in this window:',
    named: 'Budget or team',
    nothing: 'No budget matches.',
    shown: (first: string, last: string, all: string) => `${first} to ${last} of ${all} budgets`,
    paging: 'Pages of budgets',
    previous: 'Previous',
    next: 'Next',
  },
};

const portuguese: typeof english = {
  budget: {
    of: (used, limit) => `Usado: ${used} de ${limit}`,
    running: (running, limit) => `${running} de ${limit} em execução`,
    left: (left) => `saldo de ${left}`,
    reserved: (amount) => `Reservado por consultas em andamento: ${amount}`,
    granted: (amount) => `${amount} disso por concessão`,
    renews: (at) => `Renova em ${at}`,
    rolling: (hours) => (hours === 1 ? 'Conta a última hora' : `Conta as últimas ${hours} horas`),
    atOnce: 'Neste momento',
    forecastFits: (amount) => `Neste ritmo, chega a ${amount} quando renovar.`,
    forecastUsedUp: (at) => `Neste ritmo, se esgota em ${at}.`,
    usedUp: 'Está esgotado.',
    noForecast: 'Ainda é cedo para dizer para onde caminha.',
    chart: (name, text) =>
      `O saldo do orçamento ${name} ao longo do período. ${text} Os números estão na tabela abaixo.`,
    legend: 'contínua: saldo; tracejada: ritmo uniforme; pontilhada: previsão',
    everyone: 'Toda a organização',
    exceeded: {
      deny: 'Recusa o que não cabe',
      warn: 'Avisa sobre o que não cabe',
      only: 'Recusa o que não cabe, se certas regras se aplicarem',
    },
    unnamed: (kind) => `sem ${kind}`,
  },
  budgets: {
    title: 'Orçamentos',
    lead: 'Cada orçamento com seu período, seu saldo e para onde caminha.',
    ask: 'Peça mais.',
    apart: 'Contas de orçamentos separados',
    apartNote: 'De cada um destes orçamentos, as contas que mais gastaram.',
    untouched: 'Separados por pessoa ou semelhante, e ainda sem gasto neste período:',
    named: 'Orçamento ou equipe',
    nothing: 'Nenhum orçamento corresponde.',
    shown: (first, last, all) => `${first} a ${last} de ${all} orçamentos`,
    paging: 'Páginas de orçamentos',
    previous: 'Anteriores',
    next: 'Próximos',
  },
};

/** The text of the budgets page, and of budgets on other pages. */
export const budgets = { en: english, 'pt-BR': portuguese };
