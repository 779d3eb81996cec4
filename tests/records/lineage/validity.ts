import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { RunEvent } from '../../../src/records/lineage/run-event.ts';

const STANDARD = new URL('./schemas/', import.meta.url).pathname;
const OWN = new URL('../../../docs/schemas/', import.meta.url).pathname;

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('uri', { validate: (text: string) => URL.canParse(text) });
ajv.addFormat('uuid', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i);
ajv.addFormat('date-time', {
  validate: (text: string) => /^\d{4}-.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
});

/** Schemas of facets, by the key that a facet stands under. */
const facetSchemas = new Map<string, { readonly id: string; readonly url: string }>();
for (const [folder, name] of [STANDARD, OWN].flatMap((one) =>
  readdirSync(one).map((file) => [one, file] as const),
)) {
  if (!name.endsWith('.json')) continue;
  const schema = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  ajv.addSchema(schema);
  for (const [key, { $ref }] of Object.entries<{ readonly $ref: string }>(schema.properties ?? {})) {
    facetSchemas.set(key, { id: schema.$id, url: `${schema.$id}${$ref}` });
  }
}

/** What of an event, and of each of its facets, breaks the specification or the facet's own schema. */
export function faultsOf(event: RunEvent): readonly string[] {
  const facets = [
    event.run.facets,
    event.job.facets,
    ...event.inputs.map(({ inputFacets = {} }) => inputFacets),
    ...event.outputs.map(({ facets: own = {} }) => own),
  ].flatMap((group) => Object.entries(group));
  return [
    ...faults(event, event.schemaURL, 'event'),
    ...facets.flatMap(([key, facet]) => {
      const schema = facetSchemas.get(key);
      if (schema === undefined) return [`${key}: there is no schema of such a facet`];
      const wrongUrl =
        unversioned(facet._schemaURL) === schema.url
          ? []
          : [`${key}: says ${facet._schemaURL}, is ${schema.url}`];
      return [...wrongUrl, ...faults({ [key]: facet }, schema.id, key)];
    }),
  ];
}

/** Our own schemas have one name in all versions; events say of which version theirs is. */
function unversioned(url: string): string {
  return url.replace(/^(urn:guardrail:guardrail):\d+\.\d+\.\d+(?=\/)/, '$1');
}

function faults(value: unknown, schema: string, what: string): readonly string[] {
  const validate: ValidateFunction | undefined = ajv.getSchema(schema);
  if (validate === undefined) return [`${what}: there is no schema ${schema}`];
  return validate(value)
    ? []
    : (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message}`);
}
