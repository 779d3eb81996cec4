import { Readable } from 'node:stream';
import type { Request } from 'express';
import { BadRequest } from '../stop.ts';
import { boundaryOf } from './multipart.ts';

/**
 * A multipart upload whose first part, the job's configuration, has been read. The media that follow may be larger than
 * any memory, and are streamed.
 * @see https://cloud.google.com/bigquery/docs/reference/api-uploads
 */
export interface Upload {
  /** The job's configuration, JSON. */
  readonly configuration: Uint8Array;
  /** The body with another configuration in its place. */
  withConfiguration(configuration: Uint8Array): { readonly body: Readable; readonly lengthChange: number };
}

const EMPTY_LINE = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
/** Whatever type the client declared, it was judged as this one. */
const CONFIGURATION_HEADERS = Buffer.from('\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n');
const HEADERS = /^(?:\r\n[\w-]+:[^\r\n]*)*$/;
const DELIMITER_END = /^(?:\r\n|--)$/;

/**
 * Reads an upload as far as its configuration goes.
 * @returns null for one with only a configuration, such as a resumable upload's first request
 * @throws BadRequest if it has none within the limit, or is encoded
 */
export async function readUpload(
  request: Request,
  { maxQueryBodyBytes }: { readonly maxQueryBodyBytes: number },
): Promise<Upload | null> {
  const boundary = boundaryOf(request.headers['content-type'], 'multipart/related');
  if (boundary === null) return null;
  if (request.headers['content-encoding'] !== undefined) {
    throw new BadRequest('invalid', 'A multipart upload with a content encoding is not accepted.', 415);
  }
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const rest = request.iterator({ destroyOnReturn: false });
  // The first delimiter may be at the very beginning, without the line feed that belongs to the others.
  let read = EMPTY_LINE;
  for await (const more of doublings(rest, read.length)) {
    read = Buffer.concat([read, more]);
    const place = configurationIn(read, delimiter);
    if (place !== null) return uploadOf(read, place, request);
    if (read.length > maxQueryBodyBytes) break;
  }
  throw new BadRequest(
    'invalid',
    `The upload's first part is not a job configuration of at most ${maxQueryBodyBytes} bytes (setting max_query_body).`,
  );
}

/**
 * Collects chunks until their size has doubled, or the end. All of it is searched again each time, so this keeps the
 * work linear in the length, however many pieces it comes in.
 */
async function* doublings(chunks: AsyncIterable<Uint8Array>, bytesBefore: number): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let before = bytesBefore;
  for await (const chunk of chunks) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes < before) continue;
    yield Buffer.concat(gathered);
    before += bytes;
    [gathered, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}

/** The position of the first part in what was read. */
interface Place {
  readonly headers: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Null if more must be read.
 * @throws BadRequest if other servers could find another first part: its configuration would run unjudged
 */
function configurationIn(read: Buffer, delimiter: Buffer): Place | null {
  const first = read.indexOf(delimiter);
  if (first > EMPTY_LINE.length) throw ambiguous('does not begin with its boundary');
  const headers = first + delimiter.length;
  const headersEnd = first === -1 ? -1 : read.indexOf(HEADERS_END, headers);
  if (headersEnd === -1) return null;
  if (!HEADERS.test(read.toString('latin1', headers, headersEnd)))
    throw ambiguous("has more than headers before its first part's content");
  const start = headersEnd + HEADERS_END.length;
  // Headers may be absent, and the content empty: the next delimiter may share the line feed that ends the headers.
  const end = read.indexOf(delimiter, start - 2);
  const behind = end + delimiter.length;
  if (end === -1 || read.length < behind + 2) return null;
  if (!DELIMITER_END.test(read.toString('latin1', behind, behind + 2)))
    throw ambiguous('ends its first part by another boundary');
  return { headers, start: Math.min(start, end), end };
}

function ambiguous(why: string): BadRequest {
  return new BadRequest('invalid', `The upload is ambiguous: it ${why}.`);
}

function uploadOf(read: Buffer, { headers, start, end }: Place, request: Request): Upload {
  const before = Buffer.concat([read.subarray(EMPTY_LINE.length, headers), CONFIGURATION_HEADERS]);
  const after = read.subarray(end);
  return {
    configuration: read.subarray(start, end),
    withConfiguration(configuration) {
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield before;
        yield configuration;
        yield after;
        if (!request.readableEnded) yield* request;
      }
      return {
        body: Readable.from(pieces(), { objectMode: false }),
        lengthChange: before.length + configuration.length - (end - EMPTY_LINE.length),
      };
    },
  };
}

/** Turns the request into one for the API's own door: the same path and parameters, without those of uploads. */
export function toJsonDoor(request: Request): void {
  const url = new URL(request.url, 'http://localhost');
  for (const name of ['uploadType', 'upload_protocol', 'upload_id']) url.searchParams.delete(name);
  request.url = `${url.pathname.replace(/^(?:\/resumable)?\/upload/, '')}${url.search}`;
  request.originalUrl = request.url;
  request.headers['content-type'] = 'application/json';
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-upload-') || name.startsWith('x-goog-upload-')) delete request.headers[name];
  }
}
