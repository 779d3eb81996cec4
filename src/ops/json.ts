import type { Request, Response } from 'express';
import { z } from 'zod';

/** The query parameters, checked; null where they are wrong, and the response has said so. */
export function readQuery<T>(schema: z.ZodType<T>, request: Request, response: Response): T | null {
  const parsed = schema.safeParse(request.query);
  if (parsed.success) return parsed.data;
  response.status(400).json({ error: z.prettifyError(parsed.error) });
  return null;
}

/** Answers with JSON in which counts of bytes and money are decimal text, since they pass 2^53. */
export function sendJson(response: Response, value: unknown): void {
  response.type('json').send(jsonOf(value));
}

/** JSON in which counts of bytes and money are decimal text. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}
