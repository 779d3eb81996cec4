const english = {
  decisions: {
    title: 'Decisions',
    lead: 'Every query that reached guardrail, newest first.',
    caption: 'Decisions',
    filter: 'Show',
    any: 'any',
    clear: 'Clear',
    older: 'Older',
    newest: 'Newest',
    nothing: 'No decision matches.',
    searchedTo: (moment: string) =>
      `Searched back to ${moment}. There may be more before that: go on with “Older”.`,
    goesOn: (moment: string) =>
      `Nothing found back to ${moment}. The search goes on by itself, or with “Older”.`,
    alsoFiltered: (kind: string, name: string) => `Only ${kind} ${name}.`,
  },
};

const portuguese: typeof english = {
  decisions: {
    title: 'Decisões',
    lead: 'Todas as consultas que chegaram, da mais nova à mais antiga.',
    caption: 'Decisões',
    filter: 'Mostrar',
    any: 'qualquer',
    clear: 'Limpar',
    older: 'Mais antigas',
    newest: 'Mais novas',
    nothing: 'Nenhuma decisão corresponde.',
    searchedTo: (moment) =>
      `Busca feita até ${moment}. Pode haver mais antes disso: continue em “Mais antigas”.`,
    goesOn: (moment) => `Nada encontrado até ${moment}. A busca continua por si só, ou em “Mais antigas”.`,
    alsoFiltered: (kind, name) => `Só ${kind} ${name}.`,
  },
};

/** The text of the list of decisions. */
export const decisions = { en: english, 'pt-BR': portuguese };
