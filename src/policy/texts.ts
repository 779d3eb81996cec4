import type { Language } from '../vocabulary/policy.ts';
import { compileText, type ExpressionError, type Program } from './conditions.ts';
import type { Facts } from './facts.ts';
import type { RuleEntry } from './schema.ts';

/** A rule's message, with the expressions in it filled in. */
export type Text = (facts: Facts) => string;

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

/**
 * Compiles a text in which `${…}` holds CEL that gives a text.
 * @returns the text, or what is wrong with one of its expressions, at the letter of the whole text
 */
function compileMessage(template: string): Text | ExpressionError {
  const parts: (string | Program<string>)[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const program = compileText(match[1] ?? '');
    if (typeof program !== 'function') {
      return { ...program, offset: match.index + '${'.length + program.offset };
    }
    parts.push(template.slice(end, match.index), program);
    end = match.index + match[0].length;
  }
  parts.push(template.slice(end));
  return (facts) => parts.map((part) => (typeof part === 'string' ? part : part(facts))).join('');
}

/** A rule's message in each language that it is written in; null stands for a text that serves every language. */
export function compileMessages({
  message,
}: Pick<RuleEntry, 'message'>): readonly (readonly [Language | null, Text | ExpressionError])[] {
  if (message === undefined) return [];
  if (typeof message === 'string') return [[null, compileMessage(message)]];
  return (['en', 'pt-BR'] as const).flatMap((language) => {
    const text = message[language];
    return text === undefined ? [] : [[language, compileMessage(text)] as const];
  });
}
