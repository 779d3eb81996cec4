import type { z } from 'zod';
import { type ExportFile, ExportRejected } from '../export-contents.ts';

const MAX_ISSUES = 10;

/** A value in an export, and the file that it comes from. */
export interface FromFile<T> {
  readonly file: ExportFile['path'];
  readonly value: T;
}

/** The parsed value, or a rejection that names file, place, what was found and what was expected. */
export function parseOrReject<T>(
  schema: z.ZodType<T>,
  value: unknown,
  {
    file,
    what,
    version,
  }: {
    readonly file: ExportFile['path'];
    readonly what: string;
    readonly version: string | null;
  },
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const found = preview(valueAt(value, path));
    return `  ${path.map(String).join('.') || 'the whole'}: found ${found}. ${message}`;
  });
  const by = version === null ? '' : `, written by Metabase ${version}`;
  throw new ExportRejected(
    [`${file} is no ${what} of a form that is known (Metabase 46 and newer)${by}.`, ...issues].join('\n'),
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? Object.entries(part).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );
}

function preview(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
