import type { IncomingHttpHeaders } from 'node:http';
import { parseMultipart } from '@remix-run/multipart-parser';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { isBatch } from '../request/route.ts';
import { BadRequest } from '../stop.ts';

/** Google accepts this many calls in one batch. */
const MAX_PARTS = 1000;

/** A request within a batch. */
export interface InnerRequest {
  readonly id: string | null;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The requests in a batch's body, in order.
 * @throws BadRequest if a part cannot be read, or there is none
 */
export function requestsIn(body: Buffer, boundary: string, maxBytes: number): readonly InnerRequest[] {
  const requests: InnerRequest[] = [];
  try {
    const lines = withWholeLineEnds(body, boundary);
    for (const part of parseMultipart(lines, { boundary, maxParts: MAX_PARTS, maxFileSize: 2 * maxBytes })) {
      requests.push(innerRequest(Buffer.from(part.bytes), part.headers['content-id'] ?? null));
    }
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('invalid', `The batch cannot be read: ${errorMessage(error)}`);
  }
  if (requests.length === 0) throw new BadRequest('invalid', 'The batch holds no request.');
  return requests;
}

/**
 * A batch with CRLF at the end of its lines. Google's API client for Python ends them in LF alone, as its server accepts,
 * and folds names of parts with more than some twenty characters.
 * Each part is sent on by itself, so that no other server can find other parts in the batch.
 */
function withWholeLineEnds(body: Buffer, boundary: string): Buffer {
  if (!body.includes(`--${boundary}\n`)) return body;
  const unfolded = body.toString('latin1').replace(/^(content-id:.*)\r?\n[ \t]+/gim, '$1 ');
  return Buffer.from(unfolded.replace(/\r?\n/g, '\r\n'), 'latin1');
}

const REQUEST_LINE = /^([A-Z]+) (\/[!-~\x80-\xff]*)(?: HTTP\/1\.[01])?$/;
/** It is written back into a header of the answer, by which Google's client for Python, whose names hold spaces, goes. */
const CONTENT_ID = /^<?([ !-;=?-~]{1,256})>?$/;
/**
 * Every character of a line can match in only one place, so that matching takes linear time: a line can be as long as a
 * batch, and is read before any token is checked.
 */
const HEADER_LINE = /^([!#$%&'*+.^_`|~\w-]+):([\t -~\x80-\xff]*)$/;

/** One part's content, `application/http`: a request line, headers, an empty line, a body. */
function innerRequest(bytes: Buffer, contentId: string | null): InnerRequest {
  const text = bytes.toString('latin1').trimStart();
  const headEnd = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, headEnd?.index ?? text.length).split(/\r?\n/);
  const line = REQUEST_LINE.exec(head[0]?.trim() ?? '');
  if (line === null)
    throw new BadRequest('invalid', 'A part of the batch does not begin with a request line.');
  if (isBatch(line[2] ?? '')) throw new BadRequest('invalid', 'A batch holds no batches.');
  const body = headEnd === null ? '' : text.slice(headEnd.index + headEnd[0].length);
  return {
    id: CONTENT_ID.exec(contentId?.trim() ?? '')?.[1] ?? null,
    method: line[1] ?? '',
    path: line[2] ?? '',
    headers: innerHeaders(head.slice(1)),
    body: Buffer.from(body.replace(/\r?\n$/, ''), 'latin1'),
  };
}

function innerHeaders(lines: readonly string[]): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined) throw new BadRequest('invalid', 'A part of the batch has an invalid header.');
    headers[name.toLowerCase()] = value?.trim() ?? '';
  }
  return headers;
}
