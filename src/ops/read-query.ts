import type { Request, Response } from 'express';
import { z } from 'zod';

/** The query parameters, checked; null if they are wrong, and then the response has said so. */
export function readQuery<Schema extends z.ZodObject>(
  schema: Schema,
  request: Request,
  response: Response,
): z.output<Schema> | null {
  const parsed = schema.safeParse(request.query);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  response
    .status(400)
    .json({ error: parsed.error.issues.map((issue) => problemOf(issue, known)).join('\n') });
  return null;
}

function problemOf(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code !== 'unrecognized_keys') return z.prettifyError({ issues: [issue] });
  const names = issue.keys.join(', ');
  return known.length === 0
    ? `there are no parameters here, and so no ${names}`
    : `there is no parameter ${names}; there are ${known.join(', ')}`;
}
