import type { IncomingHttpHeaders } from 'node:http';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { isBatch } from '../request/route.ts';
import { BadRequest } from '../stop.ts';
import { type Part, partsIn } from './batch-parts.ts';

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
    for (const part of partsIn(body, boundary, maxBytes)) requests.push(innerRequest(part));
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('invalid', `The batch cannot be read: ${errorMessage(error)}`);
  }
  if (requests.length === 0) throw new BadRequest('invalid', 'The batch holds no request.');
  return requests;
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
function innerRequest(part: Part): InnerRequest {
  const text = part.text.trimStart();
  const headEnd = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, headEnd?.index ?? text.length).split(/\r?\n/);
  const line = REQUEST_LINE.exec(head[0]?.trim() ?? '');
  if (line === null)
    throw new BadRequest('invalid', 'A part of the batch does not begin with a request line.');
  if (isBatch(line[2] ?? '')) throw new BadRequest('invalid', 'A batch holds no batches.');
  const body = headEnd === null ? '' : text.slice(headEnd.index + headEnd[0].length);
  return {
    id: CONTENT_ID.exec(part.name?.trim() ?? '')?.[1] ?? null,
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
