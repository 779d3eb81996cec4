import type { Language } from '../../../foundation/text/language.ts';
import type { RuleMode } from '../../../vocabulary/policy.ts';
import type { ViewSource } from '../refresh.ts';
import type { CardState, DuplicateGroup } from '../report.ts';
import type { FilterSetting, TemplateNote } from '../template/resolve.ts';

/** The report's text in one language. Amounts, names and dates come formatted. */
export interface Phrases {
  readonly title: string;
  intro(team: string): string;
  readonly perMonth: string;
  readonly perView: string;
  readonly perRun: string;
  readonly worst: string;
  readonly cards: string;
  readonly card: string;
  readonly dashboards: string;
  readonly dashboard: string;
  readonly viewsPerDay: string;
  readonly runsPerMonth: string;
  readonly share: string;
  pricedOf(priced: string, all: string): string;
  readonly refused: string;
  refusedNote(team: string): string;
  readonly legacyTables: string;
  readonly duplicates: string;
  readonly chartTitle: string;
  readonly chartLabel: string;
  readonly chartParts: Readonly<Record<'refused' | 'warned' | 'other', string>>;
  readonly byCard: string;
  readonly rules: string;
  readonly noRules: string;
  readonly rule: string;
  readonly mode: Readonly<Record<RuleMode, string>>;
  readonly legacyIntro: string;
  readonly noLegacy: string;
  readonly table: string;
  readonly replacement: string;
  noReplacement(owner: string | null): string;
  readonly duplicatesIntro: string;
  readonly noDuplicates: string;
  readonly same: Readonly<Record<DuplicateGroup['same'], string>>;
  readonly onNoDashboard: string;
  readonly onNoDashboardNote: string;
  readonly notPriced: string;
  readonly state: Readonly<Record<Exclude<CardState, 'priced'>, string>>;
  reads(sources: string): string;
  readonly notUnderstood: string;
  readonly setting: Readonly<Record<FilterSetting, string>>;
  readonly note: Readonly<Record<TemplateNote['kind'], (tag: string) => string>>;
  cacheNotCounted(policy: string): string;
  readonly source: Readonly<Record<ViewSource, string>>;
  readonly assumptions: string;
  asked(team: string, principal: string | null): string;
  usage(days: string, hours: string): string;
  readonly howOpened: string;
  readonly howWorst: string;
  readonly howCached: string;
  readonly howTabs: string;
  read(form: string, source: string, project: string): string;
  made(at: string): string;
}

const english: Phrases = {
  title: 'Audit of dashboards',
  intro: (team) =>
    `What today’s dashboards cost, and what the policies would say of them as ${team}, before anything is enforced. Every card was priced by a dry run, which is free and runs nothing.`,
  perMonth: 'A month',
  perView: 'A view',
  perRun: 'A run',
  worst: 'At worst',
  cards: 'Cards',
  card: 'Card',
  dashboards: 'Dashboards',
  dashboard: 'Dashboard',
  viewsPerDay: 'Views a day',
  runsPerMonth: 'Runs a month',
  share: 'Share',
  pricedOf: (priced, all) => `${priced} of ${all} priced`,
  refused: 'Would be refused',
  refusedNote: (team) => `cards, as ${team}`,
  legacyTables: 'Legacy tables',
  duplicates: 'Duplicates',
  chartTitle: 'Cost of each dashboard a month',
  chartLabel: 'A bar for each dashboard; the figures are in the table below.',
  chartParts: { refused: 'cards that would be refused', warned: 'with a warning', other: 'other cards' },
  byCard: 'Dashboard by dashboard',
  rules: 'Rules',
  noRules: 'No rule matches any card.',
  rule: 'Rule',
  mode: { deny: 'refuses', warn: 'warns', audit: 'records' },
  legacyIntro: 'Tables that the catalog calls legacy, views resolved, and what replaces them.',
  noLegacy: 'No card reads a legacy table.',
  table: 'Table',
  replacement: 'Use instead',
  noReplacement: (owner) => (owner === null ? 'nothing yet' : `nothing yet; ask ${owner}`),
  duplicatesIntro:
    'Cards that ask the same but for literals, and cards that measure the same: the same tables, aggregates and grouping, with other filters or names.',
  noDuplicates: 'No two cards ask or measure the same.',
  same: { query: 'Same query', KPI: 'Same KPI' },
  onNoDashboard: 'Cards on no dashboard',
  onNoDashboardNote: 'How often they are opened is not known, so they are in no sum.',
  notPriced: 'Not priced',
  state: {
    failed: 'the warehouse rejected it',
    unresolved: 'its SQL could not be made',
    'not SQL': 'made in the query builder, not in SQL',
    empty: 'the card is empty',
  },
  reads: (sources) => `Reads ${sources}.`,
  notUnderstood: 'Not understood',
  setting: {
    opened: 'as it is opened',
    open: 'without its filters',
    filtered: 'with its filters on',
  },
  note: {
    'needs a value': (tag) => `Asks for a value of “${tag}” before it runs; a typical one was taken.`,
    'column not named': (tag) =>
      `The export does not name the column of “${tag}”; priced without that filter.`,
    'value not understood': (tag) => `The value of “${tag}” was not understood; a typical one was taken.`,
  },
  cacheNotCounted: (policy) => `Metabase’s cache policy “${policy}” is not counted.`,
  source: {
    option: 'as given',
    export: 'from the export',
    assumed: 'assumed',
    'auto-refresh': 'reloads of a screen',
  },
  assumptions: 'How it counts',
  asked: (team, principal) =>
    principal === null
      ? `The rules were asked about ${team} without a principal: those that name one do not match.`
      : `The rules were asked about ${principal}, of ${team}. For another principal of the team, choose it with --as.`,
  usage: (days, hours) =>
    `A month has ${days} days of use, a day ${hours} hours. Views a day are as given, else from the export (views since the dashboard was made, by its age, all of them on days of use), else assumed; the table says which.`,
  howOpened:
    'A view runs every card with its filters as Metabase sets them when the dashboard is opened: defaults in place, filters without a default left out, their optional clauses too.',
  howWorst:
    'At worst is the most expensive of: as opened, without any filter, and with every filter on (dates of the last 30 days where there is no default).',
  howCached:
    'Results that Metabase keeps by a duration are counted: a card runs no more often than they grow old. BigQuery’s own cache is not counted on.',
  howTabs:
    'A dashboard with tabs counts with all of them. The bytes are those billed: whole MiB, 10 MiB a table at the least.',
  read: (form, source, project) => `Read: ${form}, ${source}. Project ${project}.`,
  made: (at) => `Made on ${at}.`,
};

const portuguese: Phrases = {
  title: 'Auditoria dos painéis',
  intro: (team) =>
    `Quanto custam os painéis de hoje e o que as políticas diriam deles para ${team}, antes de qualquer bloqueio. O preço de cada cartão veio de um dry run, que é gratuito e não roda nada.`,
  perMonth: 'Por mês',
  perView: 'Por visita',
  perRun: 'Por execução',
  worst: 'No pior caso',
  cards: 'Cartões',
  card: 'Cartão',
  dashboards: 'Painéis',
  dashboard: 'Painel',
  viewsPerDay: 'Visitas por dia',
  runsPerMonth: 'Execuções por mês',
  share: 'Parcela',
  pricedOf: (priced, all) => `${priced} de ${all} com preço`,
  refused: 'Seriam recusados',
  refusedNote: (team) => `cartões, para ${team}`,
  legacyTables: 'Tabelas legadas',
  duplicates: 'Duplicatas',
  chartTitle: 'Custo de cada painel por mês',
  chartLabel: 'Uma barra por painel; os valores estão na tabela abaixo.',
  chartParts: { refused: 'cartões que seriam recusados', warned: 'com aviso', other: 'demais cartões' },
  byCard: 'Painel por painel',
  rules: 'Regras',
  noRules: 'Nenhuma regra se aplica a nenhum cartão.',
  rule: 'Regra',
  mode: { deny: 'recusa', warn: 'avisa', audit: 'registra' },
  legacyIntro: 'Tabelas que o catálogo marca como legadas, já resolvidas as views, e o que as substitui.',
  noLegacy: 'Nenhum cartão lê tabela legada.',
  table: 'Tabela',
  replacement: 'Use no lugar',
  noReplacement: (owner) =>
    owner === null ? 'ainda sem substituta' : `ainda sem substituta; fale com ${owner}`,
  duplicatesIntro:
    'Cartões que perguntam o mesmo, a menos de literais, e cartões que medem o mesmo: mesmas tabelas, agregações e agrupamento, com outros filtros ou nomes.',
  noDuplicates: 'Não há dois cartões que perguntem ou meçam o mesmo.',
  same: { query: 'Mesma consulta', KPI: 'Mesmo KPI' },
  onNoDashboard: 'Cartões fora de painéis',
  onNoDashboardNote: 'Não se sabe quantas vezes são abertos; por isso não entram nas somas.',
  notPriced: 'Sem preço',
  state: {
    failed: 'o BigQuery rejeitou',
    unresolved: 'não foi possível montar o SQL',
    'not SQL': 'feito no construtor de consultas, não em SQL',
    empty: 'o cartão está vazio',
  },
  reads: (sources) => `Lê ${sources}.`,
  notUnderstood: 'Não compreendido',
  setting: {
    opened: 'como é aberto',
    open: 'sem os filtros',
    filtered: 'com os filtros ligados',
  },
  note: {
    'needs a value': (tag) => `Pede um valor para “${tag}” antes de rodar; foi usado um valor típico.`,
    'column not named': (tag) => `A exportação não diz qual é a coluna de “${tag}”; preço sem esse filtro.`,
    'value not understood': (tag) => `O valor de “${tag}” não foi compreendido; foi usado um valor típico.`,
  },
  cacheNotCounted: (policy) => `A política de cache “${policy}” do Metabase não foi contada.`,
  source: {
    option: 'informado',
    export: 'da exportação',
    assumed: 'presumido',
    'auto-refresh': 'recargas de uma tela',
  },
  assumptions: 'Como se conta',
  asked: (team, principal) =>
    principal === null
      ? `As regras foram consultadas para ${team} sem uma conta: as que citam uma conta não se aplicam.`
      : `As regras foram consultadas para ${principal}, de ${team}. Para outra conta da equipe, use --as.`,
  usage: (days, hours) =>
    `Um mês tem ${days} dias de uso, e um dia, ${hours} horas. As visitas por dia são as informadas; senão, as da exportação (visitas desde a criação do painel, pela idade dele, todas em dias de uso); senão, presumidas. A tabela diz quais.`,
  howOpened:
    'Uma visita roda todos os cartões com os filtros como o Metabase os põe ao abrir o painel: valores padrão no lugar, e de fora os filtros sem padrão e suas cláusulas opcionais.',
  howWorst:
    'O pior caso é o mais caro entre: como é aberto, sem filtro nenhum e com todos os filtros ligados (datas dos últimos 30 dias onde não há padrão).',
  howCached:
    'Resultados que o Metabase guarda por um tempo fixo são contados: um cartão não roda mais vezes do que eles vencem. Não se conta com o cache do próprio BigQuery.',
  howTabs:
    'Um painel com abas conta com todas elas. Os bytes são os cobrados: MiB inteiros, no mínimo 10 MiB por tabela.',
  read: (form, source, project) => `Lido: ${form}, ${source}. Projeto ${project}.`,
  made: (at) => `Feito em ${at}.`,
};

const phrases: Readonly<Record<Language, Phrases>> = { en: english, 'pt-BR': portuguese };

/** The report's text in a language. */
export function phrasesIn(language: Language): Phrases {
  return phrases[language];
}
