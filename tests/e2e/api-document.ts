import { Ajv2020 } from 'ajv/dist/2020.js';

/** The parts of the served OpenAPI document that tests read. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Record<string, { responses: Record<string, { content?: unknown }> }>>
  >;
}

/**
 * Where an answer differs from the OpenAPI document; a field that the document does not name counts as a difference.
 * @param which method, path as in the document, and status, such as `get /budgets 200`
 */
export function wrongBy(document: ApiDocument, which: string, answer: unknown): readonly string[] {
  const [method = '', path = '', status = ''] = which.split(' ');
  const described = document.paths[path]?.[method]?.responses[status];
  if (described === undefined) return [`${which} is not in the document`];
  if (described.content === undefined) return answer === undefined ? [] : [`${which} has an answer`];
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(document) as object, 'openapi');
  const place = `openapi#/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}`;
  const isRight = ajv.compile({ $ref: encodeURI(`${place}/content/application~1json/schema`) });
  isRight(answer);
  return (isRight.errors ?? []).map(
    ({ instancePath, message, params }) => `${which}${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}

/** The schema with every object of fixed fields closed to other fields. */
function closed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(closed);
  const parts = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isOpen = parts['type'] === 'object' && 'properties' in parts && !('additionalProperties' in parts);
  return isOpen ? { ...parts, additionalProperties: false } : parts;
}
