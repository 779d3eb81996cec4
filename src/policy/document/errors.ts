import type { SourcePosition } from '../../vocabulary/policy.ts';

/** One error at one place in the policy files. Its `String()` is `file:line:column: problem; expected`. */
export interface PolicyError {
  readonly source: SourcePosition;
  /** What is wrong, and what was expected. */
  readonly message: string;
  toString(): string;
}

/**
 * @param problem what is wrong: `"limit" is "20 gigs"`
 * @param expected what was expected: `expected bytes such as 20 GiB`
 */
export function policyError(source: SourcePosition, problem: string, expected: string): PolicyError {
  const message = `${problem}; ${expected}`;
  const { file, line, column } = source;
  return { source, message, toString: () => `${file}:${line}:${column}: ${message}` };
}

/** In the order of files and lines. */
export function sortErrors(errors: readonly PolicyError[]): readonly PolicyError[] {
  return [...errors].sort(({ source: a }, { source: b }) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return a.line - b.line || a.column - b.column;
  });
}

/**
 * The policy files of a folder are rejected. It lists every error at once, so that one round of corrections is enough.
 */
export class PolicyRejected extends Error {
  readonly errors: readonly PolicyError[];

  constructor(folder: string, errors: readonly PolicyError[]) {
    const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
    super(
      `The policy files in ${folder} have ${count}:\n${errors.join('\n')}\n` +
        'Fix the files at these places; docs/policies.md describes the format.',
    );
    this.name = 'PolicyRejected';
    this.errors = errors;
  }
}
