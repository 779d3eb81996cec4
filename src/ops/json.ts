import type { Response } from 'express';
import { bigintAsText } from '../foundation/text/json.ts';

/** Answers with JSON in which byte counts and money are decimal text, since they may exceed 2^53. */
export function sendJson(response: Response, value: unknown): void {
  response.type('json').send(jsonOf(value));
}

/** JSON in which byte counts and money are decimal text. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, bigintAsText);
}
