/**
 * The boundary between the parts of a body.
 * @param type the content type that the body must have, such as `multipart/mixed`
 * @returns null for a body of another type, or without a boundary
 */
export function boundaryOf(contentType: string | undefined, type: `multipart/${string}`): string | null {
  const [, named, quoted, plain] =
    /^(multipart\/\w+)\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? [];
  return named?.toLowerCase() === type ? (quoted ?? plain ?? null) : null;
}
