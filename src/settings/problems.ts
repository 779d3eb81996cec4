import type { z } from 'zod';
import { didYouMean } from '../foundation/text/spelling.ts';

/** What is wrong, by key, and what was expected. No value is repeated: it may be a secret. */
export function problemsOf(issue: z.core.$ZodIssue, known: readonly string[]): readonly string[] {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: ${expectedText(issue)}`];
  return issue.keys.map((key) => {
    const likely = didYouMean(key, known);
    return `${key}: there is no such setting${likely === '' ? `; known are ${known.join(', ')}` : likely}`;
  });
}

/** In the words of the settings, where a schema leaves it to Zod. */
function expectedText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected ${issue.values.join(' or ')}`;
  if (issue.message.startsWith('Invalid input')) return 'expected a text';
  return issue.message.startsWith('Too small') ? 'expected a text that is not empty' : issue.message;
}

/**
 * Whoever writes ${NAME} expects the variable's value, and a token written so would be known to everybody. Without braces,
 * only a whole token or password is taken for one, if it looks like $A_NAME: others may have a dollar in them.
 */
const PLACEHOLDER = /\$\{[A-Za-z_][^{}\s]*\}|\$\(\w+\)|(?<![^=:,/])\$[A-Z][A-Z0-9]*_[A-Z0-9_]+(?![^,@:/])/;

/** The settings that hold the name of a variable which nothing has filled in. */
export function unfilledProblems(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values)
    .filter(([, value]) => isUnfilled(value))
    .map(
      ([key]) =>
        `${key}: guardrail fills in no variables such as \${NAME}; set GUARDRAIL_${key.toUpperCase()} to the value itself`,
    );
}

function isUnfilled(value: unknown): boolean {
  if (typeof value === 'string') return PLACEHOLDER.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isUnfilled);
}
