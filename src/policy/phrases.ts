import type { Language } from '../vocabulary/policy.ts';

/** The sentences of a refusal in one language. Amounts and instants arrive as they are to be read. */
export interface Phrases {
  readonly refused: string;
  /** @param rule its name and place */
  refusedByRule(rule: string): string;
  /** @param budget its name and place */
  refusedByBudget(budget: string, asked: string, left: string): string;
  /** @param costs the same cost in one or more currencies */
  wouldCost(bytes: string, costs: readonly string[]): string;
  left(team: string, budgets: number): string;
  balance(budget: string, left: string, limit: string, renewsAt: string): string;
  readonly mendQuery: string;
  readonly shrinkQuery: string;
  shrinkOrWait(renewsAt: string): string;
  decisionId(id: string): string;
}

const english: Phrases = {
  refused: 'This query was not run.',
  refusedByRule: (rule) => `This query was not run: rule ${rule} refuses it.`,
  refusedByBudget: (budget, asked, left) =>
    `This query was not run: it would take ${asked} out of budget ${budget}, which has ${left} left.`,
  wouldCost: (bytes, costs) => `It would scan ${bytes} and cost ${inBrackets(costs)}.`,
  left: (team, budgets) => `What is left of ${team}'s ${budgets === 1 ? 'budget' : 'budgets'}:`,
  balance: (budget, left, limit, renewsAt) => `${budget}: ${left} of ${limit}; renews on ${renewsAt}.`,
  mendQuery:
    'What to do: change the query as said above and run it again; if you need it as it is, ask those who look after the rule.',
  shrinkQuery:
    'What to do: make the query smaller (fewer columns, a shorter period, a filter on the partition column). As it is, it never fits; ask those who look after the budget if you need it so.',
  shrinkOrWait: (renewsAt) =>
    `What to do: make the query smaller (fewer columns, a shorter period, a filter on the partition column), wait until the budget renews on ${renewsAt}, or ask those who look after it.`,
  decisionId: (id) => `Decision ID: ${id}`,
};

const portuguese: Phrases = {
  refused: 'Esta consulta não foi executada.',
  refusedByRule: (rule) => `Esta consulta não foi executada: a regra ${rule} a recusa.`,
  refusedByBudget: (budget, asked, left) =>
    `Esta consulta não foi executada: ela usaria ${asked} do orçamento ${budget}, que tem ${left} de saldo.`,
  wouldCost: (bytes, costs) => `Ela leria ${bytes} e custaria ${inBrackets(costs)}.`,
  left: (team, budgets) => `Saldo ${budgets === 1 ? 'do orçamento' : 'dos orçamentos'} de ${team}:`,
  balance: (budget, left, limit, renewsAt) => `${budget}: ${left} de ${limit}; renova em ${renewsAt}.`,
  mendQuery:
    'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com quem cuida da regra.',
  shrinkQuery:
    'O que fazer: reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição). Como está, ela nunca cabe; se precisar dela assim, fale com quem cuida do orçamento.',
  shrinkOrWait: (renewsAt) =>
    `O que fazer: reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição), espere o orçamento renovar em ${renewsAt} ou fale com quem cuida dele.`,
  decisionId: (id) => `ID da decisão: ${id}`,
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The sentences of a refusal in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}

function inBrackets([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (${others.join(', ')})`;
}
