import type { SourcePosition } from '../../vocabulary/policy.ts';
import { type PolicyError, policyError } from './errors.ts';
import { didYouMean } from './spelling.ts';

/** A name and its position. */
export interface Named {
  readonly name: string;
  readonly source: SourcePosition;
}

/** An error for every name that occurs a second time. */
export function repeated(named: readonly Named[], label: (name: string) => string): readonly PolicyError[] {
  const first = new Map<string, SourcePosition>();
  return named.flatMap(({ name, source }) => {
    const before = first.get(name);
    if (before !== undefined) return [twice(source, label(name), before)];
    first.set(name, source);
    return [];
  });
}

/** An error for anything that occurs a second time. */
export function twice(source: SourcePosition, what: string, before: SourcePosition | undefined): PolicyError {
  const where = before === undefined ? '' : `, the first time at ${before.file}:${before.line}`;
  return policyError(source, `${what} stands twice${where}`, 'expected it once');
}

/** An error for every name that is not defined. */
export function undefinedNames(
  kind: string,
  named: readonly Named[],
  known: ReadonlySet<string>,
): readonly PolicyError[] {
  const expected = known.size === 0 ? `a ${kind} that is defined` : `one of ${[...known].join(', ')}`;
  return named
    .filter(({ name }) => !known.has(name))
    .map(({ name, source }) =>
      policyError(source, `there is no ${kind} ${name}`, `expected ${expected}${didYouMean(name, known)}`),
    );
}
