import express from 'express';
import { MOST_BODY_BYTES } from '../errors.ts';

/** Reads a body, gzipped or not, as JSON, whatever its content type says: so does Google. */
export function jsonBody() {
  // The type is left to Express: a RequestHandler would widen the path's parameters of the routes it is used in.
  return express.json({ limit: MOST_BODY_BYTES, type: () => true });
}
