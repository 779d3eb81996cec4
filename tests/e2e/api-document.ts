import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is read of the document that the guardrail serves. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>
  >;
}

/**
 * What of an answer is not as the document says, in which no field may stand that the document does not name.
 * @param which method, path of the document and status, as in `get /budgets 200`
 */
export function wrongBy(document: ApiDocument, which: string, answer: unknown): readonly string[] {
  const [method = '', path = '', status = ''] = which.split(' ');
  const told = document.paths[path]?.[method]?.responses[status];
  if (told === undefined) return [`${which} is not in the document`];
  if (told.content === undefined) return answer === undefined ? [] : [`${which} has an answer`];
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(document) as object, 'openapi');
  const place = `openapi#/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}`;
  const isRight = ajv.compile({ $ref: encodeURI(`${place}/content/application~1json/schema`) });
  isRight(answer);
  return (isRight.errors ?? []).map(
    ({ instancePath, message, params }) => `${which}${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}

/** Every object of fixed fields, closed to any other. */
function closed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(closed);
  const parts = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isOpen = parts['type'] === 'object' && 'properties' in parts && !('additionalProperties' in parts);
  return isOpen ? { ...parts, additionalProperties: false } : parts;
}
