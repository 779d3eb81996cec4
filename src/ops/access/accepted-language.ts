import type { Request } from 'express';
import type { Language } from '../../vocabulary/policy.ts';

/** The language that the browser prefers, of those available; any kind of Portuguese gets the Brazilian one. */
export function acceptedLanguage(request: Request): Language {
  const accepted = request.acceptsLanguages('en', 'pt-BR', 'pt', 'pt-PT');
  return typeof accepted === 'string' && accepted.startsWith('pt') ? 'pt-BR' : 'en';
}
