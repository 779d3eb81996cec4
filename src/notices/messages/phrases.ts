import type { Language } from '../../foundation/text/language.ts';
import type { ExceededMode } from '../../vocabulary/budget.ts';
import { type SubjectNames, subjectNames } from '../../vocabulary/subject-names.ts';

/** The sentences of a notice in one language. Amounts, percentages and instants come formatted. */
export interface Phrases {
  reached(budget: string, percent: string): string;
  usedUp(budget: string): string;
  standing(used: string, limit: string): string;
  reserved(amount: string): string;
  /** What happens to queries once the limit is reached, depending on the budget. */
  readonly consequence: Readonly<Record<ExceededMode, string>>;
  willBeUsedUp(at: string): string;
  willComeTo(amount: string, percent: string): string;
  contact(whom: string): string;
  renews(at: string): string;
  countsTheLast(hours: number): string;
  asOf(at: string): string;
  readonly everyone: string;
  /** The account of queries that do not say which one they belong to. */
  unnamed(kind: string): string;
  readonly kinds: SubjectNames;
}

const english: Phrases = {
  reached: (budget, percent) => `Budget ${budget} has reached ${percent} of its limit`,
  usedUp: (budget) => `Budget ${budget} is used up`,
  standing: (used, limit) => `Used: ${used} of ${limit}.`,
  reserved: (amount) => `Reserved by queries under way: ${amount}.`,
  consequence: {
    deny: 'From now on, queries that do not fit are refused.',
    warn: 'Queries still run, and are counted.',
    only: "From now on, queries that do not fit are refused if one of the budget's rules matches them.",
  },
  willBeUsedUp: (at) => `At this pace it is used up on ${at}.`,
  willComeTo: (amount, percent) =>
    `At this pace it comes to ${amount} (${percent} of the limit) when the window ends.`,
  contact: (whom) => `If you need more, ask ${whom}.`,
  renews: (at) => `Renews on ${at}`,
  countsTheLast: (hours) => (hours === 1 ? 'Counts the last hour' : `Counts the last ${hours} hours`),
  asOf: (at) => `As of ${at}`,
  everyone: 'The whole organisation',
  unnamed: (kind) => `no ${kind} named`,
  kinds: subjectNames.en,
};

const portuguese: Phrases = {
  reached: (budget, percent) => `O orçamento ${budget} chegou a ${percent} do limite`,
  usedUp: (budget) => `O orçamento ${budget} se esgotou`,
  standing: (used, limit) => `Usado: ${used} de ${limit}.`,
  reserved: (amount) => `Reservado por consultas em andamento: ${amount}.`,
  consequence: {
    deny: 'A partir de agora, consultas que não cabem são recusadas.',
    warn: 'As consultas continuam rodando e são contadas.',
    only: 'A partir de agora, consultas que não cabem são recusadas se uma das regras do orçamento se aplica a elas.',
  },
  willBeUsedUp: (at) => `Neste ritmo, ele se esgota em ${at}.`,
  willComeTo: (amount, percent) => `Neste ritmo, chega a ${amount} (${percent} do limite) no fim do período.`,
  contact: (whom) => `Se precisar de mais, fale com ${whom}.`,
  renews: (at) => `Renova em ${at}`,
  countsTheLast: (hours) => (hours === 1 ? 'Conta a última hora' : `Conta as últimas ${hours} horas`),
  asOf: (at) => `Situação em ${at}`,
  everyone: 'Toda a organização',
  unnamed: (kind) => `sem ${kind}`,
  kinds: subjectNames['pt-BR'],
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The sentences of a notice in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}
