import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { freeOnceSent } from './chunk-memory.ts';

/** Headers that belong to one connection and not to the message. @see RFC 9110, section 7.6.1 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NOTHING = new Uint8Array();

/** An answer of the warehouse: its head, with its body still to be streamed. */
export interface StreamedAnswer {
  readonly head: IncomingMessage;
  readonly body: Readable;
}

/**
 * Streams the warehouse's answer to the client unchanged, adding the guard's own headers. Resolves once it is over,
 * be it that either side broke off.
 */
export async function relay(
  answer: StreamedAnswer,
  response: ServerResponse,
  added: Readonly<Record<string, string>>,
): Promise<void> {
  response.statusCode = answer.head.statusCode ?? 502;
  if (answer.head.statusMessage !== undefined) response.statusMessage = answer.head.statusMessage;
  for (const [name, value] of Object.entries(answer.head.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
  }
  for (const [name, value] of Object.entries(added)) response.setHeader(name, value);
  handTrailersOn(answer.head, response);
  // The head goes out at once, as it came in. `flushHeaders` would write it in UTF-8, which is not the encoding of
  // headers.
  response.write(NOTHING);
  freeOnceSent(response);
  return stream(answer.body, response);
}

/**
 * What `pipeline` does, at a fraction of what it costs for each answer: it adds dozens of listeners, and makes an error
 * even if all goes well. If one side breaks off, so does the other; the client keeps what it got, and the ledger is settled
 * by what was seen.
 */
function stream(body: Readable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      if (!response.writableFinished) body.destroy();
      resolve();
    };
    const breakOff = () => {
      if (!body.readableEnded) response.destroy();
    };
    response.once('close', end);
    response.on('error', end);
    body.once('close', breakOff);
    body.once('error', breakOff);
    if (response.closed) end();
    else if (body.destroyed) breakOff();
    else body.pipe(response);
  });
}

/** Trailers of an answer go to the client too, if its answer can carry them. */
export function handTrailersOn(head: IncomingMessage, response: ServerResponse): void {
  const add = () => response.addTrailers(head.trailers);
  if (head.complete) add();
  else head.once('end', add);
}

/**
 * Looks at the beginning of an answer without consuming it.
 * @returns the whole body if it ends within `maxBytes`, otherwise null; and the answer with its whole body to come,
 * which breaks off where the warehouse's does
 */
export async function peek(
  head: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly whole: Buffer | null; readonly answer: StreamedAnswer }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  try {
    for await (const chunk of head.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      if (size > maxBytes) break;
    }
  } catch {
    // Whoever reads the body meets the same end, after what came before it.
    isWhole = false;
  }
  const whole = isWhole && size <= maxBytes ? Buffer.concat(chunks) : null;
  return { whole, answer: { head, body: Readable.from(inOrder(chunks, head), { objectMode: false }) } };
}

async function* inOrder(chunks: readonly Buffer[], rest: IncomingMessage): AsyncGenerator<Buffer> {
  yield* chunks;
  if (!rest.readableEnded) yield* rest;
}
