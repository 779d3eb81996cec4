import { Readable } from 'node:stream';
import type { Request } from 'express';
import { BadRequest } from '../stop.ts';
import { boundaryOf, hasBareLineFeeds } from './multipart.ts';

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

/** How lines end, and so what separates parts and their headers. */
interface LineStyle {
  readonly end: string;
  readonly headers: RegExp;
  readonly delimiterEnd: RegExp;
}

const CRLF: LineStyle = {
  end: '\r\n',
  headers: /^(?:\r\n[\w-]+:[^\r\n]*)*$/,
  delimiterEnd: /^(?:\r\n|--)$/,
};
/** As Google's API client for Python and `bq` write them. */
const LF: LineStyle = { end: '\n', headers: /^(?:\n[\w-]+:[^\r\n]*)*$/, delimiterEnd: /^(?:\n|--)/ };

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
  const rest = request.iterator({ destroyOnReturn: false });
  // The first delimiter may be at the very beginning, without the line end that belongs to the others.
  let read = Buffer.from(CRLF.end);
  for await (const more of doublings(rest, read.length)) {
    read = Buffer.concat([read, more]);
    if (!hasBareLineFeeds(read.subarray(CRLF.end.length), boundary)) {
      const place = configurationIn(read, boundary, CRLF);
      if (place !== null) return uploadOf(read, place, request);
    }
    if (read.length > maxQueryBodyBytes) break;
  }
  if (hasBareLineFeeds(read.subarray(CRLF.end.length), boundary))
    return bareUpload(read, boundary, request, maxQueryBodyBytes);
  throw new BadRequest(
    'invalid',
    `The upload's first part is not a job configuration of at most ${maxQueryBodyBytes} bytes (setting max_query_body).`,
  );
}

/**
 * An upload whose lines end in LF alone. It has been read whole: a server that knows only CRLF would find its first part
 * anywhere in the media.
 */
function bareUpload(withCrlf: Buffer, boundary: string, request: Request, maxBytes: number): Upload {
  if (withCrlf.length > maxBytes) {
    throw new BadRequest(
      'uploadTooLarge',
      `An upload whose lines end in LF alone may have at most ${maxBytes} bytes (setting max_query_body): ` +
        'send it as a resumable upload.',
      413,
    );
  }
  if (withCrlf.indexOf(`\r\n--${boundary}`, 1) !== -1) throw ambiguous('ends its lines in two ways');
  const read = withCrlf.subarray(1);
  const place = configurationIn(read, boundary, LF);
  if (place === null) throw ambiguous('does not end its first part');
  return uploadOf(read, place, request);
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
  readonly lines: LineStyle;
  readonly headers: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Null if more must be read.
 * @throws BadRequest if other servers could find another first part: its configuration would run unjudged
 */
function configurationIn(read: Buffer, boundary: string, lines: LineStyle): Place | null {
  const delimiter = Buffer.from(`${lines.end}--${boundary}`);
  const first = read.indexOf(delimiter);
  if (first > lines.end.length) throw ambiguous('does not begin with its boundary');
  const headers = first + delimiter.length;
  const headersEnd = first === -1 ? -1 : read.indexOf(lines.end.repeat(2), headers);
  if (headersEnd === -1) return null;
  if (!lines.headers.test(read.toString('latin1', headers, headersEnd)))
    throw ambiguous("has more than headers before its first part's content");
  const start = headersEnd + 2 * lines.end.length;
  // Headers may be absent, and the content empty: the next delimiter may share the line end that ends the headers.
  const end = read.indexOf(delimiter, start - lines.end.length);
  const behind = end + delimiter.length;
  if (end === -1 || read.length < behind + 2) return null;
  if (!lines.delimiterEnd.test(read.toString('latin1', behind, behind + 2)))
    throw ambiguous('ends its first part by another boundary');
  return { lines, headers, start: Math.min(start, end), end };
}

function ambiguous(why: string): BadRequest {
  return new BadRequest('invalid', `The upload is ambiguous: it ${why}.`);
}

function uploadOf(read: Buffer, { lines, headers, start, end }: Place, request: Request): Upload {
  // Whatever type the client declared, it was judged as this one.
  const type = ['', 'Content-Type: application/json; charset=UTF-8', '', ''].join(lines.end);
  const before = Buffer.concat([read.subarray(lines.end.length, headers), Buffer.from(type)]);
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
        lengthChange: before.length + configuration.length - (end - lines.end.length),
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
