import express from 'express';
import { MAX_BODY_BYTES } from '../errors.ts';

/** Reads a body, gzipped or not, as JSON whatever its content type, as Google does. */
export function jsonBody() {
  // The type is inferred: a RequestHandler would widen the path parameters of the routes that use it.
  return express.json({ limit: MAX_BODY_BYTES, type: () => true });
}
