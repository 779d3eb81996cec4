import type { Language } from '../../foundation/text/language.ts';
import type { RankingKind } from './month-report.ts';

/** The report's text in one language. Amounts, names and dates come formatted. */
export interface Phrases {
  readonly title: string;
  readonly intro: string;
  readonly spent: string;
  /** The same in other currencies. */
  inOtherCurrencies(amounts: string): string;
  readonly queries: string;
  readonly bytes: string;
  readonly team: string;
  readonly share: string;
  readonly slotTime: string;
  readonly byTeam: string;
  readonly perDay: string;
  readonly perDayBytes: string;
  readonly chartLabel: string;
  readonly noTeam: string;
  readonly nothing: string;
  readonly nothingBefore: string;
  readonly total: string;
  readonly more: string;
  readonly rankings: Readonly<
    Record<
      RankingKind,
      {
        readonly title: string;
        /** A prefix for a name that is only a number; empty if none is needed. */
        readonly one: string;
        readonly unnamed: string;
      }
    >
  >;
  readonly tableNote: string;
  readonly toKnow: string;
  readonly footer: string;
  change(percent: string, month: string): string;
  changeSoFar(percent: string, month: string): string;
  nothingSoFarBefore(month: string): string;
  running(at: string): string;
  readonly rolledUp: string;
  free(bytes: string): string;
  others(count: string): string;
  refused(queries: string, attempts: string, cost: string): string;
  readonly noneRefused: string;
  refusedUnpriced(queries: string): string;
  cached(queries: string): string;
  unguarded(queries: string, cost: string): string;
  readonly noneUnguarded: string;
  assumed(queries: string, cost: string): string;
  readonly noneAssumed: string;
  open(queries: string): string;
  reconciled(at: string, from: string, to: string): string;
  readonly balanced: string;
  readonly notBalanced: string;
  readonly notWhole: string;
  readonly neverReconciled: string;
  counted(currencies: string, timeZone: string): string;
  made(at: string): string;
  head(head: string): string;
  readonly noHead: string;
}

const english: Phrases = {
  title: 'BigQuery spend',
  intro:
    'What each team’s BigQuery queries cost this month. Every query passes through guardrail, which prices it before it runs and writes down what BigQuery billed for it.',
  spent: 'Spend',
  inOtherCurrencies: (amounts) => `${amounts} at the policy’s exchange rate of each day`,
  queries: 'Queries',
  bytes: 'Data billed',
  team: 'Team',
  share: 'Share',
  slotTime: 'Slot time',
  byTeam: 'By team',
  perDay: 'Spend per day',
  perDayBytes: 'Data billed per day, in GiB',
  chartLabel: 'Columns for each day, stacked by team; the figures are in the CSV file by team and day.',
  noTeam: 'Not attributed to a team',
  nothing: 'No query came to anything in this month.',
  nothingBefore: 'Nothing was spent the month before',
  total: 'Total',
  more: 'Most expensive',
  rankings: {
    dashboard: { title: 'Dashboards', one: 'Dashboard', unnamed: 'Queries of no dashboard' },
    card: { title: 'Cards (saved questions)', one: 'Card', unnamed: 'Queries of no card' },
    person: { title: 'People and accounts', one: 'Person', unnamed: 'Nobody named' },
    table: { title: 'Tables', one: '', unnamed: 'Queries without a known table' },
    fingerprint: { title: 'Repeated queries', one: '', unnamed: 'Queries of unknown text' },
  },
  tableNote:
    'A query counts in full for each table that it reads, so these figures overlap and do not add up.',
  toKnow: 'Good to know',
  footer: 'About these figures',
  change: (percent, month) => `${percent} against ${month}`,
  changeSoFar: (percent, month) => `${percent} against the same time of ${month}`,
  nothingSoFarBefore: (month) => `Nothing was spent in the same time of ${month}`,
  running: (at) => `The month is not over: figures up to ${at}.`,
  rolledUp:
    'Some days are kept as sums only: their spend is all here, but refused queries, cached answers and the like are not counted for them.',
  free: (bytes) => `${bytes} of it paid for by the free tier`,
  others: (count) => `All others (${count})`,
  refused: (queries, attempts, cost) =>
    `Refused: ${queries}, attempts in all: ${attempts}. Estimated cost, had they run: ${cost}. The same query, asked again by the same person on the same day, counts once.`,
  noneRefused: 'No priced query was refused.',
  refusedUnpriced: (queries) => `Refused before a price was known: ${queries}.`,
  cached: (queries) => `Answered from BigQuery’s cache, at no cost: ${queries}.`,
  unguarded: (queries, cost) =>
    `Bypassed guardrail, found by reconciliation: ${queries}, at a cost of ${cost}, which is in the total.`,
  noneUnguarded: 'No query that bypassed guardrail has been entered.',
  assumed: (queries, cost) =>
    `Assumed, since BigQuery has not confirmed what it billed: ${queries}, at ${cost} in the total.`,
  noneAssumed: 'No figure is merely assumed.',
  open: (queries) => `Not ended or not settled yet, and in no sum: ${queries}.`,
  reconciled: (at, from, to) =>
    `Last held against BigQuery’s own list of jobs on ${at}, from ${from} to ${to}:`,
  balanced: 'the books balanced.',
  notBalanced: 'the books did not balance.',
  notWhole: 'That does not cover all of this month.',
  neverReconciled: 'These figures have never been held against BigQuery’s own list of jobs.',
  counted: (currencies, timeZone) =>
    `Counted: settled queries, on the day they were admitted (${timeZone}), in ${currencies}. Cost is for analysis at the prices of the policy; storage, taxes and discounts outside the policy are not in it. Columns may differ from their total in the last digit, since each is rounded for reading; the CSV files are exact.`,
  made: (at) => `Made on ${at}.`,
  head: (head) =>
    `Proof: guardrail records verify --expect-head ${head} shows later whether any sealed record behind this report was changed.`,
  noHead: 'No record is sealed yet, so this report cannot be proven later.',
};

const portuguese: Phrases = {
  title: 'Gasto com BigQuery',
  intro:
    'Quanto custaram neste mês as consultas de cada equipe ao BigQuery. Toda consulta passa pelo guardrail, que calcula o preço antes de ela rodar e registra o que o BigQuery cobrou.',
  spent: 'Gasto',
  inOtherCurrencies: (amounts) => `${amounts} ao câmbio de cada dia na política`,
  queries: 'Consultas',
  bytes: 'Dados cobrados',
  team: 'Equipe',
  share: 'Parcela',
  slotTime: 'Tempo de slot',
  byTeam: 'Por equipe',
  perDay: 'Gasto por dia',
  perDayBytes: 'Dados cobrados por dia, em GiB',
  chartLabel: 'Colunas por dia, empilhadas por equipe; os valores estão no arquivo CSV por equipe e dia.',
  noTeam: 'Sem equipe atribuída',
  nothing: 'Nenhuma consulta gerou gasto neste mês.',
  nothingBefore: 'Não houve gasto no mês anterior',
  total: 'Total',
  more: 'Os mais caros',
  rankings: {
    dashboard: { title: 'Painéis', one: 'Painel', unnamed: 'Consultas sem painel' },
    card: { title: 'Cartões (perguntas salvas)', one: 'Cartão', unnamed: 'Consultas sem cartão' },
    person: { title: 'Pessoas e contas', one: 'Pessoa', unnamed: 'Ninguém identificado' },
    table: { title: 'Tabelas', one: '', unnamed: 'Consultas sem tabela conhecida' },
    fingerprint: { title: 'Consultas repetidas', one: '', unnamed: 'Consultas de texto desconhecido' },
  },
  tableNote:
    'Uma consulta conta por inteiro em cada tabela que lê; por isso estes valores se sobrepõem e não se somam.',
  toKnow: 'Bom saber',
  footer: 'Sobre estes números',
  change: (percent, month) => `${percent} em relação a ${month}`,
  changeSoFar: (percent, month) => `${percent} em relação ao mesmo período de ${month}`,
  nothingSoFarBefore: (month) => `Não houve gasto no mesmo período de ${month}`,
  running: (at) => `O mês não terminou: valores até ${at}.`,
  rolledUp:
    'Alguns dias são guardados só como somas: o gasto deles está todo aqui, mas consultas recusadas, respostas de cache e afins não são contadas nesses dias.',
  free: (bytes) => `${bytes} pagos pela cota gratuita`,
  others: (count) => `Demais (${count})`,
  refused: (queries, attempts, cost) =>
    `Recusadas: ${queries}, tentativas ao todo: ${attempts}. Custo estimado, se tivessem rodado: ${cost}. A mesma consulta, repetida pela mesma pessoa no mesmo dia, conta uma vez.`,
  noneRefused: 'Nenhuma consulta com preço foi recusada.',
  refusedUnpriced: (queries) => `Recusadas antes de se saber o preço: ${queries}.`,
  cached: (queries) => `Respondidas pelo cache do BigQuery, sem custo: ${queries}.`,
  unguarded: (queries, cost) =>
    `Por fora do guardrail, segundo a conciliação: ${queries}, ao custo de ${cost}, já incluído no total.`,
  noneUnguarded: 'Nenhuma consulta por fora do guardrail foi registrada.',
  assumed: (queries, cost) =>
    `Valor presumido, pois o BigQuery ainda não confirmou a cobrança: ${queries}, com ${cost} no total.`,
  noneAssumed: 'Nenhum valor é apenas presumido.',
  open: (queries) => `Ainda não terminadas ou não liquidadas, fora das somas: ${queries}.`,
  reconciled: (at, from, to) =>
    `Última conferência com a lista de jobs do próprio BigQuery em ${at}, de ${from} a ${to}:`,
  balanced: 'as contas fecharam.',
  notBalanced: 'as contas não fecharam.',
  notWhole: 'Ela não cobre o mês inteiro.',
  neverReconciled: 'Estes números nunca foram conferidos com a lista de jobs do próprio BigQuery.',
  counted: (currencies, timeZone) =>
    `O que conta: consultas liquidadas, no dia em que foram liberadas (${timeZone}), em ${currencies}. O custo é o de análise, aos preços da política; armazenamento, impostos e descontos fora da política não entram. As colunas podem diferir do total no último dígito, pois cada valor é arredondado para leitura; os arquivos CSV são exatos.`,
  made: (at) => `Feito em ${at}.`,
  head: (head) =>
    `Prova: guardrail records verify --expect-head ${head} mostra depois se algum registro selado por trás deste relatório foi alterado.`,
  noHead: 'Nenhum registro foi selado ainda; este relatório não poderá ser provado depois.',
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The report's text in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}
