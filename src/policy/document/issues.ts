import { z } from 'zod';
import { didYouMean } from '../../foundation/text/spelling.ts';
import type { Path, PolicyDocument } from './document.ts';
import { type PolicyError, policyError } from './errors.ts';

/**
 * Checks one part of a document.
 * @param path where the part is in the document
 */
export function check<T>(
  schema: z.ZodType<T>,
  document: PolicyDocument,
  path: Path,
): { readonly value: T } | { readonly errors: readonly PolicyError[] } {
  const result = schema.safeParse(valueAt(document.value, path));
  if (result.success) return { value: result.data };
  return { errors: result.error.issues.flatMap((issue) => errorsOf(issue, schema, document, path)) };
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) current = (current as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step];
  return current;
}

function errorsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  document: PolicyDocument,
  base: Path,
): readonly PolicyError[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) =>
      policyError(
        document.atKey([...path, key]),
        `"${key}" is not known here`,
        `expected one of ${known.join(', ')}${didYouMean(key, known)}`,
      ),
    );
  }
  const value = valueAt(document.value, path);
  return [policyError(document.at(path), problemOf(path, value), `expected ${expectedText(issue, value)}`)];
}

/** Zod's own message, if a schema has none, repeats what "expected" says. */
function expectedText(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return issue.expected === 'object' ? 'a mapping' : `a ${issue.expected}`;
  }
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    return `${issue.message}${didYouMean(value, issue.values.map(String))}`;
  }
  return issue.message;
}

/** Keys whose values can be secret: errors are shown in logs and in the operators' API. */
const SECRET_KEYS: ReadonlySet<PropertyKey | undefined> = new Set(['url', 'url_env']);

function problemOf(path: Path, value: unknown): string {
  const name = path.length === 0 ? 'the file' : labelOf(path);
  if (value === undefined) return `${name} is missing`;
  if (typeof value === 'string' && SECRET_KEYS.has(path.at(-1))) return `${name} is something else`;
  if (typeof value === 'string')
    return value === '' ? `${name} is empty` : `${name} is ${JSON.stringify(value)}`;
  if (value === null) return `${name} is empty`;
  return `${name} is a ${Array.isArray(value) ? 'list' : 'mapping'}`;
}

/** The nearest key, with the index if it is a list: `"principals[2]"`. */
function labelOf(path: Path): string {
  const at = path.findLastIndex((step) => typeof step === 'string');
  const places = path.slice(at + 1).map((step) => `[${String(step)}]`);
  return `"${String(path[at] ?? '')}${places.join('')}"`;
}

/** The keys of the mapping that a schema has at a path. */
function keysAt(schema: unknown, path: Path): readonly string[] {
  if (schema instanceof z.ZodOptional) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return step === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(step)], rest);
}
