import { didYouMean } from '../../foundation/text/spelling.ts';
import type { SourcePosition } from '../../vocabulary/policy.ts';
import { type PolicyError, policyError } from './errors.ts';

/** A name and its position. */
export interface LocatedName {
  readonly name: string;
  readonly source: SourcePosition;
}

/** An error for every name that occurs a second time. */
export function duplicateErrors(
  named: readonly LocatedName[],
  label: (name: string) => string,
): readonly PolicyError[] {
  const first = new Map<string, SourcePosition>();
  return named.flatMap(({ name, source }) => {
    const firstSource = first.get(name);
    if (firstSource !== undefined) return [duplicateError(source, label(name), firstSource)];
    first.set(name, source);
    return [];
  });
}

/** An error for anything that occurs a second time. */
export function duplicateError(
  source: SourcePosition,
  what: string,
  before: SourcePosition | undefined,
): PolicyError {
  const where = before === undefined ? '' : `, the first time at ${before.file}:${before.line}`;
  return policyError(source, `${what} stands twice${where}`, 'expected it once');
}

/** An error for every name that is not defined. */
export function undefinedNames(
  kind: string,
  named: readonly LocatedName[],
  known: ReadonlySet<string>,
): readonly PolicyError[] {
  const expected = known.size === 0 ? `a ${kind} that is defined` : `one of ${[...known].join(', ')}`;
  return named
    .filter(({ name }) => !known.has(name))
    .map(({ name, source }) =>
      policyError(source, `there is no ${kind} ${name}`, `expected ${expected}${didYouMean(name, known)}`),
    );
}
