import { type BudgetWindow, rollingHours, type SubjectKind } from '../vocabulary/budget.ts';
import type { Language } from '../vocabulary/policy.ts';

/**
 * The sentences of a refusal in one language. Amounts and instants arrive as they are to be read; a rule or budget as
 * its name and place.
 */
export interface Phrases {
  readonly refused: string;
  refusedByRule(rule: string): string;
  /** @param left null where nothing is */
  takesTooMuch(budget: string, asked: string, left: string | null): string;
  /** For a budget that counts queries. */
  noQueryLeft(budget: string, limit: string, window: BudgetWindow): string;
  /** For a budget of queries at once. */
  queueIsFull(budget: string, running: number, waiting: number): string;
  waitedTooLong(budget: string, waited: string, limit: string): string;
  /** Why a budget that refuses only some queries refuses this one. */
  caughtBy(rules: string, count: number): string;
  /** @param costs the same cost in one or more currencies; slot time null where no budget counts it */
  wouldCost(bytes: string, slotTime: string | null, costs: readonly string[]): string;
  left(budgets: number): string;
  balance(budget: string, left: string, limit: string, renewsAt: string): string;
  rollingBalance(
    budget: string,
    left: string,
    limit: string,
    window: BudgetWindow,
    freedAt: string | null,
  ): string;
  atOnceBalance(budget: string, running: string, limit: string): string;
  /** A limit, and the part of it that was granted on top. */
  raised(limit: string, granted: string): string;
  /** The account of queries that do not name what the budget is kept apart by. */
  readonly unnamed: Readonly<Record<SubjectKind, string>>;
  readonly mendQuery: string;
  readonly neverFits: string;
  whatToDo(ways: string): string;
  readonly shrink: string;
  readonly avoidRules: string;
  waitUntilRenewal(renewsAt: string): string;
  waitForOldest(freedAt: string): string;
  readonly tryAgain: string;
  readonly ask: string;
  decisionId(id: string): string;
}

const english: Phrases = {
  refused: 'This query was not run.',
  refusedByRule: (rule) => `This query was not run: rule ${rule} refuses it.`,
  takesTooMuch: (budget, asked, left) =>
    `This query was not run: it would take ${asked} out of budget ${budget}, which has ${left ?? 'nothing'} left.`,
  noQueryLeft: (budget, limit, window) =>
    `This query was not run: budget ${budget} allows ${limit} ${englishPeriod(window)}, and none is left.`,
  queueIsFull: (budget, running, waiting) => {
    const run = running === 1 ? '1 query runs' : `${running} queries run`;
    const wait = waiting === 0 ? 'none may wait' : `${waiting} ${waiting === 1 ? 'waits' : 'wait'}`;
    return `This query was not run: ${run} already under budget ${budget}, and ${wait}.`;
  },
  waitedTooLong: (budget, waited, limit) =>
    `This query was not run: it waited ${waited} for budget ${budget}, which lets ${limit} run at once, and no place came free.`,
  caughtBy: (rules, count) =>
    `Beyond its limit, this budget refuses only queries that are caught by certain rules; ${count === 1 ? 'rule' : 'rules'} ${rules} ${count === 1 ? 'catches' : 'catch'} this one.`,
  wouldCost: (bytes, slotTime, costs) =>
    `It would scan ${bytes}${slotTime === null ? '' : `, use ${slotTime}`} and cost ${inBrackets(costs)}.`,
  left: (budgets) =>
    budgets === 1
      ? 'What is left of the budget that covers it:'
      : 'What is left of the budgets that cover it:',
  balance: (budget, left, limit, renewsAt) => `${budget}: ${left} of ${limit}; renews on ${renewsAt}.`,
  rollingBalance: (budget, left, limit, window, freedAt) =>
    `${budget}: ${left} of ${limit} ${englishPeriod(window)}${freedAt === null ? '' : `; the oldest part falls out on ${freedAt}`}.`,
  atOnceBalance: (budget, running, limit) => `${budget}: ${running} of ${limit} running.`,
  raised: (limit, granted) => `${limit} (with a grant of ${granted})`,
  unnamed: {
    team: 'no team named',
    principal: 'no principal confirmed',
    person: 'no person named',
    dashboard: 'no dashboard named',
    card: 'no card named',
    project: 'no project named',
  },
  mendQuery:
    'What to do: change the query as said above and run it again; if you need it as it is, ask those who look after the rule.',
  neverFits:
    'What to do: make the query smaller (fewer columns, a shorter period, a filter on the partition column). As it is, it never fits; ask those who look after the budget if you need it so.',
  whatToDo: (ways) => `What to do: ${ways}.`,
  shrink: 'make the query smaller (fewer columns, a shorter period, a filter on the partition column)',
  avoidRules: 'change the query so that no such rule catches it (this budget then lets it run)',
  waitUntilRenewal: (renewsAt) => `wait until the budget renews on ${renewsAt}`,
  waitForOldest: (freedAt) => `wait until the oldest part falls out on ${freedAt}`,
  tryAgain: 'try again in a moment',
  ask: 'ask those who look after the budget',
  decisionId: (id) => `Decision ID: ${id}`,
};

function englishPeriod(window: BudgetWindow): string {
  if (window === 'hour') return 'an hour';
  const hours = rollingHours(window);
  if (hours === null) return `a ${window}`;
  return hours === 1 ? 'in 1 hour' : `in ${hours} hours`;
}

const portuguese: Phrases = {
  refused: 'Esta consulta não foi executada.',
  refusedByRule: (rule) => `Esta consulta não foi executada: a regra ${rule} a recusa.`,
  takesTooMuch: (budget, asked, left) =>
    `Esta consulta não foi executada: ela usaria ${asked} do orçamento ${budget}, que ${left === null ? 'não tem mais saldo' : `tem ${left} de saldo`}.`,
  noQueryLeft: (budget, limit, window) =>
    `Esta consulta não foi executada: o orçamento ${budget} permite ${limit} ${portuguesePeriod(window)}, e não resta nenhuma.`,
  queueIsFull: (budget, running, waiting) => {
    const run = `já há ${running} ${running === 1 ? 'consulta' : 'consultas'} em execução no orçamento ${budget}`;
    return `Esta consulta não foi executada: ${run} ${waiting === 0 ? 'e ele não tem fila' : `e ${waiting} na fila`}.`;
  },
  waitedTooLong: (budget, waited, limit) =>
    `Esta consulta não foi executada: esperou ${waited} por uma vaga no orçamento ${budget}, que permite ${limit} ao mesmo tempo, e nenhuma abriu.`,
  caughtBy: (rules, count) =>
    `Acima do limite, esse orçamento só recusa consultas apontadas por certas regras, e ${count === 1 ? 'a regra' : 'as regras'} ${rules} ${count === 1 ? 'aponta' : 'apontam'} esta.`,
  wouldCost: (bytes, slotTime, costs) =>
    slotTime === null
      ? `Ela leria ${bytes} e custaria ${inBrackets(costs)}.`
      : `Ela leria ${bytes}, usaria ${slotTime} e custaria ${inBrackets(costs)}.`,
  left: (budgets) =>
    budgets === 1 ? 'Saldo do orçamento que vale para ela:' : 'Saldo dos orçamentos que valem para ela:',
  balance: (budget, left, limit, renewsAt) => `${budget}: ${left} de ${limit}; renova em ${renewsAt}.`,
  rollingBalance: (budget, left, limit, window, freedAt) =>
    `${budget}: ${left} de ${limit} ${portuguesePeriod(window)}${freedAt === null ? '' : `; a parte mais antiga sai da conta em ${freedAt}`}.`,
  atOnceBalance: (budget, running, limit) => `${budget}: ${running} de ${limit} em execução.`,
  raised: (limit, granted) => `${limit} (incluída uma concessão de ${granted})`,
  unnamed: {
    team: 'sem time informado',
    principal: 'sem conta confirmada',
    person: 'sem pessoa informada',
    dashboard: 'sem dashboard informado',
    card: 'sem card informado',
    project: 'sem projeto informado',
  },
  mendQuery:
    'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com quem cuida da regra.',
  neverFits:
    'O que fazer: reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição). Como está, ela nunca cabe; se precisar dela assim, fale com quem cuida do orçamento.',
  whatToDo: (ways) => `O que fazer: ${ways}.`,
  shrink: 'reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição)',
  avoidRules: 'mude a consulta para que nenhuma dessas regras a aponte (aí este orçamento a deixa rodar)',
  waitUntilRenewal: (renewsAt) => `espere o orçamento renovar em ${renewsAt}`,
  waitForOldest: (freedAt) => `espere a parte mais antiga sair da conta em ${freedAt}`,
  tryAgain: 'tente de novo daqui a pouco',
  ask: 'fale com quem cuida do orçamento',
  decisionId: (id) => `ID da decisão: ${id}`,
};

function portuguesePeriod(window: BudgetWindow): string {
  switch (window) {
    case 'hour':
      return 'por hora';
    case 'day':
      return 'por dia';
    case 'week':
      return 'por semana';
    case 'month':
      return 'por mês';
    default: {
      const hours = rollingHours(window);
      return hours === 1 ? 'em 1 hora' : `em ${hours} horas`;
    }
  }
}

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The sentences of a refusal in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}

function inBrackets([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (${others.join(', ')})`;
}
