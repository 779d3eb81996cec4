const english = {
  tables: {
    title: 'Legacy tables',
    lead: (days: string) =>
      `Tables on their way out: who still reads them, and whether ${days} days prove that nobody does.`,
    none: 'The catalog names no legacy table. Give one `status: legacy` in the policy files, and who reads it shows here.',
    noRecords: 'There are no records yet.',
    verdict: { 'can retire': 'can retire', 'cannot retire': 'still used', 'not proven': 'not proven' },
    used: (uses: string, days: string) => `It was used ${uses} times in the last ${days} days.`,
    usedOnce: (days: string) => `It was used once in the last ${days} days.`,
    unused: (days: string) => `Nobody used it in the last ${days} days, through guardrail or around it.`,
    notProven: 'No use is known, but it is not proven that nobody uses it.',
    recordsSince: (at: string) => `Records begin ${at}.`,
    notReconciled: 'Reads that bypassed the guardrail were not looked for: run guardrail reconcile.',
    unreadable: 'Some jobs that bypassed the guardrail do not say what they read.',
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
    lead: (days) => `Tabelas de saída: quem ainda as lê e se ${days} dias provam que ninguém lê.`,
    none: 'O catálogo não marca nenhuma tabela como legada. Dê a uma `status: legacy` nos arquivos de política, e quem a lê aparece aqui.',
    noRecords: 'Ainda não há registros.',
    verdict: { 'can retire': 'pode sair', 'cannot retire': 'ainda em uso', 'not proven': 'não provado' },
    used: (uses, days) => `Foi usada ${uses} vezes nos últimos ${days} dias.`,
    usedOnce: (days) => `Foi usada uma vez nos últimos ${days} dias.`,
    unused: (days) => `Ninguém a usou nos últimos ${days} dias, pelo guardrail ou por fora.`,
    notProven: 'Não se conhece uso, mas não está provado que ninguém usa.',
    recordsSince: (at) => `Os registros começam em ${at}.`,
    notReconciled: 'Leituras por fora não foram procuradas: rode guardrail reconcile.',
    unreadable: 'Alguns jobs por fora não dizem o que leem.',
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
