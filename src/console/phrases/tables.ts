const english = {
  tables: {
    title: 'Legacy tables',
    lead: (days: string) =>
      `Tables on their way out: who still reads them, and whether ${days} days prove that nobody does.`,
    none: 'The catalog names no legacy table. Give one `status: legacy` in the policy files, and who reads it shows here.',
    verdict: { 'can retire': 'can retire', 'cannot retire': 'still used', 'not proven': 'not proven' },
    used: (uses: string, days: string) => `It was used ${uses} times in the last ${days} days.`,
    usedOnce: (days: string) => `It was used once in the last ${days} days.`,
    unused: (days: string) => `Nobody used it in the last ${days} days, through guardrail or around it.`,
    notProven: 'No use is known, but it is not proven that nobody uses it.',
    missing: {
      'no records': 'There are no records yet.',
      'records since': (at: string) => `Records begin ${at}.`,
      'last record': (at: string) => `No query has come to guardrail since ${at}.`,
      'records of later': (at: string) => `There are records of after ${at}: a clock is wrong.`,
      'reconciled until': (at: string | null) =>
        at === null
          ? 'Reads that bypassed guardrail were not looked for: run guardrail reconcile.'
          : `Reads that bypassed guardrail were looked for only up to ${at}: run guardrail reconcile.`,
      'not entered': (jobs: string) =>
        `Jobs that bypassed guardrail and are not in the books yet: ${jobs}. Run guardrail reconcile --write-corrections.`,
      unreadable: (jobs: string) => `Jobs that bypassed guardrail and do not say what they read: ${jobs}.`,
    },
    replacement: 'Use instead',
    noReplacement: (owner: string | null) => (owner === null ? 'nothing yet' : `nothing yet; ask ${owner}`),
    lastUse: 'Last use',
    never: 'none known',
    recent: (days: string) => `In ${days} days`,
    uses: (read: string, refused: string, unguarded: string) =>
      `${read} read, ${refused} refused or not priced, ${unguarded} bypassed`,
    trend: 'Uses by week',
    trendLabel: (weeks: string) => `Uses in each week, the oldest first: ${weeks}.`,
    readers: 'Who reads it',
  },
};

const portuguese: typeof english = {
  tables: {
    title: 'Tabelas legadas',
    lead: (days) => `Tabelas a desativar: quem ainda as lê e se ${days} dias provam que ninguém lê.`,
    none: 'O catálogo não marca nenhuma tabela como legada. Dê a uma `status: legacy` nos arquivos de política, e quem a lê aparece aqui.',
    verdict: {
      'can retire': 'pode ser desativada',
      'cannot retire': 'ainda em uso',
      'not proven': 'não provado',
    },
    used: (uses, days) => `Foi usada ${uses} vezes nos últimos ${days} dias.`,
    usedOnce: (days) => `Foi usada uma vez nos últimos ${days} dias.`,
    unused: (days) => `Ninguém a usou nos últimos ${days} dias, pelo guardrail ou por fora.`,
    notProven: 'Não se conhece uso, mas não está provado que ninguém usa.',
    missing: {
      'no records': 'Ainda não há registros.',
      'records since': (at) => `Os registros começam em ${at}.`,
      'last record': (at) => `Nenhuma consulta chegou ao guardrail desde ${at}.`,
      'records of later': (at) => `Há registros de depois de ${at}: algum relógio está errado.`,
      'reconciled until': (at) =>
        at === null
          ? 'Leituras por fora não foram procuradas: rode guardrail reconcile.'
          : `Leituras por fora só foram procuradas até ${at}: rode guardrail reconcile.`,
      'not entered': (jobs) =>
        `Jobs por fora que ainda não estão nos livros: ${jobs}. Rode guardrail reconcile --write-corrections.`,
      unreadable: (jobs) => `Jobs por fora que não dizem o que leem: ${jobs}.`,
    },
    replacement: 'Use no lugar',
    noReplacement: (owner) =>
      owner === null ? 'ainda sem substituta' : `ainda sem substituta; fale com ${owner}`,
    lastUse: 'Último uso',
    never: 'nenhum conhecido',
    recent: (days) => `Em ${days} dias`,
    uses: (read, refused, unguarded) =>
      `${read} lidas, ${refused} recusadas ou sem preço, ${unguarded} por fora`,
    trend: 'Usos por semana',
    trendLabel: (weeks) => `Usos em cada semana, da mais antiga à mais nova: ${weeks}.`,
    readers: 'Quem lê',
  },
};

/** The text of the page of legacy tables. */
export const tables = { en: english, 'pt-BR': portuguese };
