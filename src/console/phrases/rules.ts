const english = {
  rules: {
    title: 'Rules',
    lead: 'How often each rule matched in the last 30 days, and what it would refuse in mode deny.',
    caps: 'caps only',
    span: 'Time',
    days: (days: string) => `last ${days} days`,
    exempt: 'exempt',
    cap: (bytes: string) => `at most ${bytes} a query`,
    wouldRefuse: 'What it let through in 30 days, and would refuse in mode deny',
    ofWeek: (count: string) => `${count} of them in the last 7 days`,
    queries: 'Queries',
    people: 'People',
    bytes: 'Data, as estimated',
    money: 'Cost, as estimated',
    allTeams: 'for all teams',
    teams: (names: string) => `for ${names}`,
    warnsFrom: (date: string) => `warns from ${date}`,
    enforcedFrom: (date: string) => `does what it says from ${date}`,
    rolledOut: (share: string) => `rolled out to ${share}`,
    exemptions: 'Exemptions',
    until: (date: string) => `until ${date}`,
    expired: (date: string) => `ended with ${date}`,
    owner: (name: string) => `ask ${name}`,
    unread: 'Unread SQL in 30 days',
    unreadNote:
      'No parser could read it. It was priced and capped all the same; rules over its text are blind to it.',
    noUnread: 'All SQL was read.',
  },
};

const portuguese: typeof english = {
  rules: {
    title: 'Regras',
    lead: 'Quantas vezes cada regra se aplicou nos últimos 30 dias e o que recusaria no modo deny.',
    caps: 'só limita',
    span: 'Período',
    days: (days) => `últimos ${days} dias`,
    exempt: 'isentas',
    cap: (bytes) => `no máximo ${bytes} por consulta`,
    wouldRefuse: 'O que ela liberou em 30 dias e recusaria no modo deny',
    ofWeek: (count) => `${count} nos últimos 7 dias`,
    queries: 'Consultas',
    people: 'Pessoas',
    bytes: 'Dados, pela estimativa',
    money: 'Custo, pela estimativa',
    allTeams: 'para todas as equipes',
    teams: (names) => `para ${names}`,
    warnsFrom: (date) => `avisa a partir de ${date}`,
    enforcedFrom: (date) => `aplicada a partir de ${date}`,
    rolledOut: (share) => `vale para ${share}`,
    exemptions: 'Isenções',
    until: (date) => `até ${date}`,
    expired: (date) => `terminou em ${date}`,
    owner: (name) => `fale com ${name}`,
    unread: 'SQL não lido em 30 dias',
    unreadNote:
      'Nenhum analisador conseguiu ler. Mesmo assim, o preço foi calculado e o gasto, limitado; regras sobre o texto não o enxergam.',
    noUnread: 'Todo o SQL foi lido.',
  },
};

/** The text of the rules page. */
export const rules = { en: english, 'pt-BR': portuguese };
