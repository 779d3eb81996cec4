import type { Language } from '../../foundation/text/language.ts';
import { TAKEN_WITHIN_DAYS } from './saving.ts';

/** The text about savings in one language. Amounts and dates come formatted. */
export interface Phrases {
  readonly title: string;
  readonly intro: string;
  readonly nothing: string;
  readonly team: string;
  readonly day: string;
  readonly queries: string;
  readonly wouldHaveCost: string;
  readonly notRun: string;
  readonly rewritten: string;
  readonly saved: string;
  readonly total: string;
  readonly methodTitle: string;
  /** How it is counted, a sentence or two for each point. */
  readonly method: readonly string[];
  span(first: string, last: string, timeZone: string): string;
  recordsFrom(day: string): string;
  /** How often they were asked, if that is more than their number. */
  attempts(count: string): string;
}

const english: Phrases = {
  title: 'Saved',
  intro:
    'What was not spent because guardrail refused a query: it did not run, or a cheaper form of it ran that the refusal offered.',
  nothing: 'No priced query was refused.',
  team: 'Team',
  day: 'Day',
  queries: 'Refused queries',
  wouldHaveCost: 'Would have cost',
  notRun: 'Saved: did not run',
  rewritten: 'Saved: rewritten',
  saved: 'Saved in all',
  total: 'Total',
  methodTitle: 'How this is counted',
  method: [
    'A refused query counts once for each person and day, however often it is tried, at the lowest of the estimates that BigQuery gave for it. Literals make no other query of it.',
    'If the same person ran the same query on that day after all, what it was billed is taken off.',
    `If the same person ran a form that the refusal offered, within ${TAKEN_WITHIN_DAYS} days after it, the query counts as rewritten, and what that form was billed is taken off: the most that any one of its runs was.`,
    'Each refused query counts under one heading only, on the day on which it was refused, and never below zero.',
    'What nobody can know is not counted: other queries that somebody ran in its place, queries that were never asked because of the rules, and results that came from BigQuery’s cache.',
    'Money is the estimate at the prices of the policy, without the free tier and discounts outside the policy. Where slots are paid for, what is saved is their time, not the bill.',
  ],
  span: (first, last, timeZone) => `From ${first} to ${last}, days of ${timeZone}.`,
  recordsFrom: (day) => `Records of before ${day} were pruned; nothing is counted for them.`,
  attempts: (count) => `${count} attempts`,
};

const portuguese: Phrases = {
  title: 'Economia',
  intro:
    'O que deixou de ser gasto porque o guardrail recusou uma consulta: ela não rodou, ou rodou em uma forma mais barata que a recusa sugeriu.',
  nothing: 'Nenhuma consulta com preço foi recusada.',
  team: 'Equipe',
  day: 'Dia',
  queries: 'Consultas recusadas',
  wouldHaveCost: 'Teriam custado',
  notRun: 'Economia: não rodou',
  rewritten: 'Economia: reescrita',
  saved: 'Economia ao todo',
  total: 'Total',
  methodTitle: 'Como se conta',
  method: [
    'Uma consulta recusada conta uma vez por pessoa e dia, por mais que seja tentada, pela menor das estimativas que o BigQuery deu para ela. Trocar só os literais não faz dela outra consulta.',
    'Se a mesma pessoa rodou a mesma consulta nesse dia, afinal, o que foi cobrado por ela é descontado.',
    `Se a mesma pessoa rodou uma forma que a recusa sugeriu, em até ${TAKEN_WITHIN_DAYS} dias, a consulta conta como reescrita, e o que foi cobrado por essa forma é descontado: o máximo que uma única execução dela custou.`,
    'Cada consulta recusada conta em uma só coluna, no dia em que foi recusada, e nunca abaixo de zero.',
    'O que ninguém pode saber não conta: outras consultas que alguém rodou no lugar dela, consultas que nem foram feitas por causa das regras, e resultados que vieram do cache do BigQuery.',
    'O valor em dinheiro é o da estimativa, aos preços da política, sem a cota gratuita nem descontos fora da política. Onde se paga por slots, o que se economiza é o tempo deles, não a fatura.',
  ],
  span: (first, last, timeZone) => `De ${first} a ${last}, dias de ${timeZone}.`,
  recordsFrom: (day) => `Os registros de antes de ${day} foram descartados; nada deles é contado.`,
  attempts: (count) => `${count} tentativas`,
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The text about savings in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}
