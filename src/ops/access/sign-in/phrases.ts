import type { Language } from '../../../foundation/text/language.ts';
import type { Role } from '../visitor.ts';

/** Why a visitor is not let in, or not as far as they want. */
export type Problem = 'wrongToken' | 'tooMany' | 'notFromHere' | 'notEnough' | 'ended';

/** The text of the sign-in and sign-out pages in one language. */
export interface Phrases {
  readonly title: string;
  readonly intro: string;
  readonly token: string;
  readonly signIn: string;
  readonly problems: Readonly<Record<Problem, string>>;
  readonly signOut: string;
  readonly roles: Readonly<Record<Role, string>>;
  signedIn(name: string, role: string): string;
  /** For a visitor who is let in unnamed. */
  unnamed(role: string): string;
  readonly goOn: string;
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    title: 'Sign in to guardrail',
    intro: 'Paste the token that you were given. This browser then stays signed in for twelve hours.',
    token: 'Token',
    signIn: 'Sign in',
    problems: {
      wrongToken: 'This token is unknown. Did you paste all of it?',
      tooMany: 'Too many unknown tokens were tried. Wait a minute, then try again.',
      notFromHere: 'This request did not come from this page. Open it again and sign in there.',
      notEnough:
        'This page is for another role. Sign in with a token that has it, or ask an operator for one.',
      ended: 'Your session has ended, so nothing was done. Sign in, then send the form again.',
    },
    signOut: 'Sign out',
    roles: { viewer: 'viewer', analyst: 'analyst', operator: 'operator' },
    signedIn: (name, role) => `You are signed in as ${name} (${role}).`,
    unnamed: (role) => `Without signing in you are a visitor (${role}).`,
    goOn: 'Go on',
  },
  'pt-BR': {
    title: 'Entrar no guardrail',
    intro: 'Cole o token que você recebeu. Este navegador fica conectado por doze horas.',
    token: 'Token',
    signIn: 'Entrar',
    problems: {
      wrongToken: 'Ninguém tem este token. Ele foi colado por inteiro?',
      tooMany: 'Houve tentativas demais com tokens que ninguém tem. Espere um minuto e tente de novo.',
      notFromHere: 'Isto não veio desta página. Abra-a de novo e entre por ela.',
      notEnough: 'Esta página é para outro perfil. Entre com um token que o tenha, ou peça um à operação.',
      ended: 'Sua sessão terminou, por isso nada foi feito. Entre e envie o formulário de novo.',
    },
    signOut: 'Sair',
    roles: { viewer: 'leitura', analyst: 'análise', operator: 'operação' },
    signedIn: (name, role) => `Você entrou como ${name} (${role}).`,
    unnamed: (role) => `Sem entrar, você é visitante (${role}).`,
    goOn: 'Continuar',
  },
};

/** The text of the sign-in and sign-out pages in a language. */
export function phrasesIn(language: Language): Phrases {
  return PHRASES[language];
}
