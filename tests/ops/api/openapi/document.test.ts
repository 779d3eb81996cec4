import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiRouter, endpoints } from '../../../../src/ops/api/api.ts';
import { openApiDocument } from '../../../../src/ops/api/openapi.ts';
import type { OpsSources } from '../../../../src/ops/sources.ts';

const schema = z.looseObject({});
const content = z.record(z.string(), z.strictObject({ schema }));
const parameter = z
  .strictObject({
    name: z.string().min(1),
    in: z.enum(['path', 'query']),
    required: z.boolean().optional(),
    description: z.string().optional(),
    schema,
  })
  .refine((one) => one.in === 'query' || one.required === true, 'a parameter in the path must be required');
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(1),
  description: z.string().min(1),
  security: z.array(z.partialRecord(z.enum(['token', 'session']), z.array(z.string()))),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: content.optional() }),
  ),
});

/** OpenAPI 3.1's rules for the parts that the document has. @see https://spec.openapis.org/oas/v3.1.1.html */
const openApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schema),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
  }),
});

/** The document as it is sent. */
const sent: unknown = JSON.parse(JSON.stringify(openApiDocument(endpoints)));
const document = openApi.parse(sent);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ at: `${method} ${path}`, path, ...operation })),
);

/** Every part of a document under a key, at any depth. */
function partsUnder(key: string, node: unknown): readonly unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([each, value]) => [
    ...(each === key ? [value] : []),
    ...partsUnder(key, value),
  ]);
}

describe('the OpenAPI document', () => {
  test('is valid by the schema that the OpenAPI Initiative publishes', async () => {
    const validator = new Validator();

    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(sent)));

    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('describes every route of the router, and no other', () => {
    // Handlers use their sources only when they are called.
    const { stack } = apiRouter({} as OpsSources);
    const routes = stack.flatMap(({ route }) =>
      (route?.stack ?? []).map(({ method }) => `${method} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`),
    );

    expect(routes.length).toBeGreaterThan(15);
    expect(operations.map(({ at }) => at).toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  test('has a unique operationId for each operation', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(operations)(
    'describes $at with the parameters in its path, and what each query parameter is for',
    (one) => {
      const inPath = one.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      const inQuery = one.parameters.filter((parameter) => parameter.in === 'query');

      expect(inPath).toEqual([...one.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      for (const { description } of inQuery) expect(description).toMatch(/\w/);
    },
  );

  test.each(operations)('has exactly one successful answer for $at', ({ responses }) => {
    expect(Object.keys(responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
  });

  test('has only schemas that are valid JSON Schema 2020-12, as OpenAPI 3.1 requires', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schemas = [...partsUnder('schema', document.paths), ...Object.values(document.components.schemas)];

    const wrong = schemas.filter((each) => !ajv.validateSchema(each as object));

    expect(schemas.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  test('refers only to schemas that exist, and has no unused ones', () => {
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    const referred = new Set(partsUnder('$ref', sent));

    expect([...referred].toSorted()).toEqual(named.toSorted());
  });
});
