import express, { type RequestHandler } from 'express';
import { MAX_BODY_BYTES } from '../errors.ts';

/** Reads a body, gzipped or not, as JSON, whatever its content type says: so does Google. */
export function jsonBody(): RequestHandler {
  return express.json({ limit: MAX_BODY_BYTES, type: () => true });
}
