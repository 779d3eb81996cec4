const PARAMETER = /;\s*([\w-]+)=(?:"([^"\\]*)"|([^\s;",]+))\s*/g;
/** Parameters and nothing else, so that nothing inside their quotes is taken for a parameter. */
const CONTENT_TYPE = new RegExp(`^(multipart/\\w+)\\s*((?:${PARAMETER.source})*);?$`, 'i');
/** What a boundary may consist of, except the space: servers might differ in where they end one with anything else. */
const BOUNDARY = /^[\w'()+,\-./:=?]+$/;

/** Whether the first delimiter is at the very beginning, and ends in LF alone, as Google's API client for Python writes it. */
export function hasBareLineFeeds(body: Buffer, boundary: string): boolean {
  const first = `--${boundary}\n`;
  return body.toString('latin1', 0, first.length) === first;
}

/**
 * The boundary between the parts of a body.
 * @param type the content type that the body must have, such as `multipart/mixed`
 * @returns null for a body of another type, or without a single boundary that every server would read there
 * @see RFC 2046, section 5.1.1
 */
export function boundaryOf(contentType: string | undefined, type: `multipart/${string}`): string | null {
  const [, named, parameters = ''] = CONTENT_TYPE.exec(contentType?.trim() ?? '') ?? [];
  if (named?.toLowerCase() !== type) return null;
  const [boundary, ...others] = [...parameters.matchAll(PARAMETER)].filter(
    ([, name]) => name?.toLowerCase() === 'boundary',
  );
  if (boundary === undefined || others.length > 0) return null;
  const written = boundary[2] ?? boundary[3] ?? '';
  return BOUNDARY.test(written) ? written : null;
}
