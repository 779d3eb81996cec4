import { type Language, languages } from '../../foundation/text/language.ts';
import { compileText, type ExpressionError, type Program } from '../conditions/conditions.ts';
import type { RuleEntry } from '../document/schema.ts';
import { allUses, type FactUses, shiftOffsets } from '../facts/fact-uses.ts';
import type { Facts } from '../facts/facts.ts';

/** A rule's message, with the expressions in it evaluated. */
export type Text = Program<string>;

const BEGIN = '${';
const PLACEHOLDER = /\$\{([^{}]*)\}/g;

/**
 * Compiles a text in which `${…}` holds CEL that returns text.
 * @returns the text, or what is wrong with one of its expressions, at the position in the whole text
 */
function compileMessage(template: string): Text | ExpressionError {
  const stray = template.replaceAll(PLACEHOLDER, (whole) => ' '.repeat(whole.length)).indexOf(BEGIN);
  if (stray !== -1) {
    const problem = 'the message has an expression that is not taken for one';
    return { problem, expected: `expected "${BEGIN}", CEL without braces, and "}"`, offset: stray };
  }
  const parts: (string | Program<string>)[] = [];
  const uses: FactUses[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const program = compileText(match[1] ?? '');
    const start = match.index + BEGIN.length;
    if (typeof program !== 'function') return { ...program, offset: start + program.offset };
    parts.push(template.slice(end, match.index), program);
    uses.push(shiftOffsets(start, program.uses));
    end = match.index + match[0].length;
  }
  parts.push(template.slice(end));
  const text = (facts: Facts) =>
    parts.map((part) => (typeof part === 'string' ? part : part(facts))).join('');
  return Object.assign(text, { uses: allUses(uses) });
}

/** A rule's message in each of its languages; null stands for a text that serves every language. */
export function compileMessages({
  message,
}: Pick<RuleEntry, 'message'>): readonly (readonly [Language | null, Text | ExpressionError])[] {
  if (message === undefined) return [];
  if (typeof message === 'string') return [[null, compileMessage(message)]];
  return languages.flatMap((language) => {
    const text = message[language];
    return text === undefined ? [] : [[language, compileMessage(text)] as const];
  });
}
