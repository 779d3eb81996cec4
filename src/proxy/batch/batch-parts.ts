import { MultipartParseError, parseMultipart } from '@remix-run/multipart-parser';
import { hasBareLineFeeds } from '../request/multipart.ts';

/** Google accepts this many calls in one batch. */
const MAX_PARTS = 1000;

/** A part of a batch. */
export interface Part {
  /** The header `content-id`. */
  readonly name: string | null;
  /** The content, each byte a character. */
  readonly text: string;
}

/**
 * The parts of a batch's body, in order. Each is sent on by itself, so that no other server can find other parts.
 * @throws MultipartParseError if the body does not consist of parts
 */
export function partsIn(body: Buffer, boundary: string, maxBytes: number): Iterable<Part> {
  return hasBareLineFeeds(body, boundary)
    ? bareParts(body.toString('latin1'), boundary)
    : wholeParts(body, boundary, maxBytes);
}

function* wholeParts(body: Buffer, boundary: string, maxBytes: number): Iterable<Part> {
  for (const part of parseMultipart(body, { boundary, maxParts: MAX_PARTS, maxFileSize: maxBytes })) {
    const text = Buffer.from(part.bytes).toString('latin1');
    yield { name: part.headers['content-id'] ?? null, text };
  }
}

/** A name, which is folded if it has more than some twenty characters. */
const NAME = /^content-id:(.*)(?:\n[ \t]+(.*))?$/im;

/** As Google's API client for Python writes them, whose lines end in LF alone. */
function* bareParts(text: string, boundary: string): Iterable<Part> {
  const [, ...parts] = `\n${text}`.split(`\n--${boundary}`, MAX_PARTS + 2);
  const end = parts.pop();
  if (end?.startsWith('--') !== true)
    throw new MultipartParseError(`no end of it after at most ${MAX_PARTS} parts`);
  for (const part of parts) {
    if (!part.startsWith('\n')) throw new MultipartParseError('a part ends by another boundary');
    const headEnd = part.indexOf('\n\n');
    if (headEnd === -1) throw new MultipartParseError('a part has no content');
    const [, name, folded = ''] = NAME.exec(part.slice(0, headEnd)) ?? [];
    yield { name: name === undefined ? null : `${name} ${folded}`, text: part.slice(headEnd + 2) };
  }
}
