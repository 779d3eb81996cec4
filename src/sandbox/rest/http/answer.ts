import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { JsonObject } from './json.ts';

/** Google indents by two spaces unless the request says `prettyPrint=false`. */
export function wantsPretty(request: Request): boolean {
  const prettyPrint = request.query['prettyPrint'];
  return prettyPrint !== 'false' && prettyPrint !== '0';
}

/** Answers with one JSON object. */
export async function answerJson(
  request: Request,
  response: Response,
  body: JsonObject,
  status = 200,
): Promise<void> {
  const text = wantsPretty(request) ? `${JSON.stringify(body, null, 2)}\n` : JSON.stringify(body);
  await answerText(request, response, [text], status);
}

/** Answers a GET with a resource and its etag, or with 304 if the client has it already. */
export async function answerResource(
  request: Request,
  response: Response,
  resource: JsonObject,
): Promise<void> {
  const etag = etagOf(resource);
  if (answerIfUnchanged(request, response, etag)) return;
  const { kind, ...rest } = resource;
  await answerJson(request, response, { kind, etag, ...rest });
}

/** The same for the same content, and only for that. */
export function etagOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 24);
}

/** Sets the ETag header; true if that answered the request with 304. */
export function answerIfUnchanged(request: Request, response: Response, etag: string): boolean {
  response.set('etag', `"${etag}"`);
  const ifNoneMatch = request.get('if-none-match') ?? '';
  // The etag in a body has no quotes, so clients send it with or without them.
  const isUnchanged = ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\/|"/g, '') === etag);
  if (!isUnchanged) return false;
  response.status(304).end();
  return true;
}

/** Sends text piece by piece, gzipped if the client accepts that, no faster than the client reads. */
export async function answerText(
  request: Request,
  response: Response,
  text: Iterable<string> | AsyncIterable<string>,
  status = 200,
): Promise<void> {
  response.status(status);
  response.set('content-type', 'application/json; charset=UTF-8');
  response.vary('Origin, X-Origin, Referer, Accept-Encoding');
  const gzip = request.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (gzip) response.set('content-encoding', 'gzip');
  const source = Readable.from(text);
  // A client that has hung up gets nothing.
  if (response.destroyed) return;
  try {
    await (gzip
      ? pipeline(source, createGzip({ level: constants.Z_BEST_SPEED }), response)
      : pipeline(source, response));
  } catch (error) {
    // A client that hangs up during an answer is not a failure of the sandbox.
    if (!isHangUp(error)) throw error;
  }
}

function isHangUp(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET' || error.code === 'EPIPE')
  );
}
