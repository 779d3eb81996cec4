import type { Language } from '../foundation/text/language.ts';
import type { SubjectKind } from './budget.ts';

/** The names that pages and notices use for each part of a budget's subject. */
export type SubjectNames = Readonly<Record<SubjectKind | 'tool', string>>;

const english: SubjectNames = {
  team: 'team',
  principal: 'principal',
  person: 'person',
  dashboard: 'dashboard',
  card: 'card',
  project: 'project',
  tool: 'tool',
};

const portuguese: SubjectNames = {
  team: 'equipe',
  principal: 'conta',
  person: 'pessoa',
  dashboard: 'painel',
  card: 'cartão',
  project: 'projeto',
  tool: 'ferramenta',
};

/** By the language of the reader. */
export const subjectNames: Readonly<Record<Language, SubjectNames>> = { en: english, 'pt-BR': portuguese };
