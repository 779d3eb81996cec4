import type { Language } from '../../foundation/text/language.ts';
import type { CatalogTable } from './report.ts';

interface Phrases {
  readonly title: string;
  span(from: string, to: string): string;
  readonly counted: string;
  readonly head: readonly [string, string, string, string, string, string, string, string];
  readonly status: Readonly<Record<CatalogTable['status'], string>>;
  readonly never: string;
  readonly nothing: string;
  instead(table: string): string;
  dashboards(count: string): string;
  persons(count: string): string;
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    title: 'Tables and who reads them',
    span: (from, to) => `From ${from} up to ${to}, UTC.`,
    counted:
      'A query counts in full for each table that it read. Reads that bypassed guardrail are not in it. Persons are counted, never named.',
    head: ['Table', 'Status', 'Owner', 'Queries', 'Bytes billed', 'Cost', 'Last read', 'Readers'],
    status: { governed: 'governed', legacy: 'legacy', unknown: 'unknown' },
    never: 'not read',
    nothing: 'No table is in the catalog, and none was read.',
    instead: (table) => `use ${table}`,
    dashboards: (count) => `dashboards: ${count}`,
    persons: (count) => `persons: ${count}`,
  },
  'pt-BR': {
    title: 'Tabelas e quem as lê',
    span: (from, to) => `De ${from} até antes de ${to}, em UTC.`,
    counted:
      'Uma consulta conta por inteiro para cada tabela que leu. Leituras que não passaram pelo guardrail não estão aqui. Pessoas são contadas, nunca nomeadas.',
    head: [
      'Tabela',
      'Situação',
      'Responsável',
      'Consultas',
      'Bytes cobrados',
      'Custo',
      'Última leitura',
      'Quem lê',
    ],
    status: { governed: 'governada', legacy: 'legada', unknown: 'desconhecida' },
    never: 'não foi lida',
    nothing: 'Não há tabela no catálogo e nenhuma foi lida.',
    instead: (table) => `use ${table}`,
    dashboards: (count) => `painéis: ${count}`,
    persons: (count) => `pessoas: ${count}`,
  },
};

/** The text of the list of tables in a language. */
export function phrasesIn(language: Language): Phrases {
  return PHRASES[language];
}
